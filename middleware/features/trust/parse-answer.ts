/** An answer to `askLine`. */
export type TrustAnswer = 'yes' | 'no' | 'always';

const answers: ReadonlyMap<string, TrustAnswer> = new Map([
  ['y', 'yes'],
  ['yes', 'yes'],
  ['n', 'no'],
  ['no', 'no'],
  ['a', 'always'],
  ['always', 'always'],
]);

/** Whether an answer allows what was asked about. */
export function isYes(answer: TrustAnswer | 'other' | undefined): answer is 'yes' | 'always' {
  return answer === 'yes' || answer === 'always';
}

/** What a user's message answers; `undefined` when it says anything else, which then is no answer. */
export function parseTrustAnswer(message: string): TrustAnswer | undefined {
  return answers.get(message.trim().toLowerCase());
}
