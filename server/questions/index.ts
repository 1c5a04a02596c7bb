/** Questions to a room, from the text to the answer that was paid for: the one door to its data. */

export { type Answered, answerQuestion, type Question, type QuestionData, type QuestionWork } from './answer.ts';
export { AnswerGuard } from './answer-guard.ts';
export {
  type AudienceAnswered,
  type AudienceData,
  type AudienceWork,
  answerAudience,
  type WantedAudience,
} from './audience.ts';
export { previewQuestion } from './preview.ts';
export {
  answerReport,
  previewReport,
  type ReportAnswered,
  type ReportPreview,
  type ReportWork,
  type WantedReport,
} from './report.ts';
