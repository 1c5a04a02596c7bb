/** What is said beside the picture of a disclosure, in English. */
export const disclosure = {
  picture: 'What crosses between the parties, in order; the same follows as a list',
  unreadable: 'nobody can read it on the way or on arrival',
  readable: 'its receiver can read it',
  about: 'about {{size}}',
  learnsOf: '{{organisation}} learns',
  flows: {
    'blinded-identifiers': 'Blinded identifiers',
    tags: 'Tags',
    randomness: 'Masked vectors',
    ciphertexts: 'Encrypted numbers',
    proofs: 'Proofs',
    verdicts: 'Large enough, or not',
    'matched-rows': 'Matched, or not',
    'pseudonymous-rows': 'Rows under pseudonyms',
    answers: 'Answers',
    audiences: 'Audience',
    columns: 'Agreed columns',
    'hash-key': 'Hash key',
    'sealed-labels': 'Sealed labels',
  },
};
