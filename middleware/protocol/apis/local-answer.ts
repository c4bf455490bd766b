/**
 * How the ids of our own messages begin. OpenAI takes messages back only with ids of at most 64 characters that
 * begin with `msg`.
 */
export const localMessagePrefix = 'msg_codexplus_';

/** How the ids of our own answers begin, where an answer can be named. */
export const localResponsePrefix = 'resp_codexplus_';

/** What an answer that no model made is about. */
export interface LocalAnswerHead {
  readonly model: string;
  readonly id: string;
  readonly nowSeconds: number;
  readonly includeUsage: boolean;
}

/** Puts a text into the two forms that an API has for an answer. */
export type LocalAnswer = (
  head: LocalAnswerHead,
  text: string,
) => {
  readonly json: unknown;
  /** Of the stream: the event's name, where the API has one, and its data. */
  readonly events: readonly (readonly [event: string | undefined, data: string])[];
};
