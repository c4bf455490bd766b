import type { HiddenTurn, Settlement } from '../../features/sessions/session-turns.ts';
import type { JsonObject } from '../../kernel/json-object.ts';
import type { UserPrompt } from '../../protocol/conversation/user-prompt.ts';

/** A piece of the conversation that is a part of a turn, by its place in both. */
export interface Match {
  readonly index: number;
  readonly piece: number;
  readonly part: number;
  /** Whether it is the part by what says most of it, and not only by its words: by its id, where it has one. */
  readonly isExact: boolean;
}

/** Where a turn stands in the conversation. */
export interface Extent {
  readonly turn: HiddenTurn;
  readonly matches: readonly Match[];
  /** What the model said there in its own words, by the place of the item. */
  readonly said: ReadonlyMap<number, readonly JsonObject[]>;
  /** What became of the call that it asked about, by what the user says there. */
  readonly settlement: Settlement | undefined;
  /** The user's answer to our question in it. */
  readonly answer: UserPrompt | undefined;
}

/** The turn that a conversation has, of some that answer the same; `undefined` where nothing of any stands there. */
export function bestOf(extents: readonly Extent[]): Extent | undefined {
  const found = extents.filter(({ matches }) => matches.length > 0);
  // An answer that broke may begin like the one that was given then.
  const longest = withMost(found, ({ matches }) => matches.length);
  const alike = withMost(longest, ({ matches }) => matches.filter(({ isExact }) => isExact).length);
  // The same words may have the same answer twice; of those that asked, the user answered to each what it has.
  const answered = alike.filter(isAnswered);
  const place = answered[0]?.turn.place;
  // At one place, another conversation began with the same words and went on alike: nothing else tells them apart.
  return answered.findLast(({ turn }) => turn.place === place) ?? alike.at(-1);
}

/** Of some, those that have the most of something. */
function withMost<T>(all: readonly T[], count: (one: T) => number): readonly T[] {
  const counts = all.map(count);
  const most = counts.reduce((one, other) => Math.max(one, other), 0);
  return all.filter((_, index) => counts[index] === most);
}

/** Whether the user says something there that the call of a turn was settled by; nothing was of one that waits. */
function isAnswered({ turn: { asked }, settlement }: Extent): boolean {
  return asked === undefined || settlement !== undefined;
}
