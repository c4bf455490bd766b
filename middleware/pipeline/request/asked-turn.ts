import {
  askedWord,
  callKey,
  saidWord,
  type HiddenTurn,
  type SessionTurns,
  type Settlement,
} from '../../features/sessions/session-turns.ts';
import type { Api } from '../../kernel/exchange.ts';
import type { RoundCodec } from '../../protocol/apis/round-codec.ts';
import type { Conversation } from '../../protocol/conversation/conversation.ts';
import { branchPlaceOf, mayBeMoved } from '../../protocol/conversation/branch-place.ts';
import { placeBefore } from '../../protocol/conversation/said-before.ts';
import { saidText } from '../../protocol/conversation/said-text.ts';
import { questionKey } from '../../protocol/conversation/said-key.ts';
import {
  isAddedByClient,
  newestUserPrompt,
  type UserPrompt,
} from '../../protocol/conversation/user-prompt.ts';

/** The answer that a message of the user replies to. */
export interface AskedTurn {
  readonly turn: HiddenTurn;
  /** Whether others ask the same in the same place about another call, so that a yes cannot be told to be for this one. */
  readonly isUnclear: boolean;
}

/** The answers that may have asked about a call in the same words. */
interface AskingTurns {
  readonly turns: readonly HiddenTurn[];
  /** Whether there were others about another call, which are not known any more. */
  readonly hasForgotten: boolean;
}

const nobody: AskingTurns = { turns: [], hasForgotten: false };

/**
 * The answers that may have asked about a call right before a message of the user: those that did where the question stands,
 * in this branch of the conversation. Of a client that left out what is oldest it stands elsewhere; it is unclear then where two may be meant.
 */
export function askingBehind(
  index: number,
  conversation: Conversation,
  { codec, known }: { readonly codec: RoundCodec; readonly known: SessionTurns | undefined },
): AskingTurns {
  const at = known === undefined ? undefined : placeBefore(conversation, index);
  const parts = at === undefined ? undefined : codec.partsOf(conversation.at(at), []);
  if (known === undefined || at === undefined || parts === undefined) return nobody;
  const keys = codec.textOf === undefined ? parts.flatMap(codec.keysOf) : [questionKey(codec.textOf(parts))];
  const question = keys.find((key) => known.asking(key).length > 0);
  if (question === undefined) return nobody;
  const asking = known.asking(question);
  const places = placesOf(conversation, at, codec);
  const here = asking.filter((turn) => places.includes(turn.place));
  if (here.length > 0)
    return { turns: here, hasForgotten: places.some((place) => known.hasForgotten(question, place)) };
  const moved = asking.filter((turn) => places.some((place) => mayBeMoved(place, turn.place)));
  const isOne = new Set(moved.map(({ place }) => place)).size <= 1;
  return { turns: moved, hasForgotten: !isOne || known.hasForgotten(question) };
}

/** Where the answer may have begun that ends with an item, as the client has it. */
function placesOf(conversation: Conversation, end: number, { partsOf }: RoundCodec): readonly string[] {
  const { received } = conversation;
  const places = [];
  for (let at = conversation.placeOf(end); at >= 0; at -= 1) {
    places.push(branchPlaceOf(received, at));
    if (at === 0 || partsOf(received.at(at - 1), []) === undefined) break;
  }
  return places;
}

/** Whether a message of the user answers what the server of a call that runs here asked, or had a question about a call wait on. */
export function answersServer(
  index: number,
  conversation: Conversation,
  { codec, known }: { readonly codec: RoundCodec | undefined; readonly known: SessionTurns },
): boolean {
  if (codec === undefined) return false;
  const { turns } = askingBehind(index, conversation, { codec, known });
  const word = saidWord(saidText(conversation.at(index)));
  return turns.some(
    ({ asked }) => asked !== undefined && (asked.open !== undefined || asked.settlements.has(word)),
  );
}

/**
 * Of several that ask the same, the newest that waits: clients without a session may have begun alike, and a user may
 * have gone back to the beginning. Where none waits, the message is one that was sent before, or the user went back.
 * What is said in another project is no answer.
 */
export function chooseAsked(
  { turns: asking, hasForgotten }: AskingTurns,
  { text }: UserPrompt,
  workspace: string | undefined,
): AskedTurn | undefined {
  const turns = asking.filter(({ asked }) => asked?.workspace === undefined || asked.workspace === workspace);
  const waiting = turns.filter(({ asked }) => asked?.settlements.size === 0);
  const isUnclear = hasForgotten || new Set(turns.map(callKey)).size > 1;
  // One that is only refused is the first of them, which is the one that is put back.
  const next = isUnclear ? waiting[0] : waiting.at(-1);
  const turn = next ?? turns.findLast((turn) => hasAnswer(turn, text)) ?? turns.at(-1);
  return turn && { turn, isUnclear };
}

function hasAnswer({ asked }: HiddenTurn, text: string): boolean {
  return asked?.settlements.has(askedWord(asked, text)) === true;
}

/**
 * What became of the call that an answer asked about, by what the client has behind the question; `undefined` while
 * nothing is there. `at`: the place of the question, -1 where it stands in an answer that the request goes on from.
 */
export function settlementBehind(
  { asked }: HiddenTurn,
  { received }: Conversation,
  { at, api }: { readonly at: number; readonly api: Api },
): Settlement | undefined {
  if (asked === undefined || asked.settlements.size === 0) return undefined;
  let next = at + 1;
  while (next < received.length && isAddedByClient(received.at(next))) next += 1;
  if (next >= received.length) return undefined;
  // The yes is in no request that goes on from the answer which it got, by the id of that.
  if (at < 0 && received.at(next)['role'] !== 'user') return asked.settlements.get('yes');
  const prompt = newestUserPrompt(received, api, next);
  return asked.settlements.get(askedWord(asked, prompt?.index === next ? prompt.text : ''));
}
