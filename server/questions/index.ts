/** Questions to a room, from the text to the answer that was paid for: the one door to its data. */

export { type Answered, answerQuestion, type Question, type QuestionData, type QuestionWork } from './answer.ts';
export { AnswerGuard } from './answer-guard.ts';
export { previewQuestion } from './preview.ts';
