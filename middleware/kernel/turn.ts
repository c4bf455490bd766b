/**
 * What a request is to its user: `user` is a turn that the user began, its tool loop included; the others are made by the
 * client itself and hold the user's words without being said by the user now.
 */
export type TurnKind = 'user' | 'title' | 'compaction' | 'prewarm' | 'subagent';

/** What a request tells of the conversation that it belongs to. */
export interface Turn {
  readonly kind: TurnKind;
  /** The same for all requests of one conversation; `undefined` where the client names none. */
  readonly sessionId: string | undefined;
  readonly turnId: string | undefined;
  /** Whether somebody is there to answer a question: `codex exec` runs a prompt and ends. */
  readonly isOneShot: boolean;
}

/** Whether it is for the client alone, a title say: no prompt of the user's is given, and no work ends. */
export function isForClientAlone({ kind }: Turn): boolean {
  return kind === 'title' || kind === 'prewarm';
}
