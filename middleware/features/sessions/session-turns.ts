import type { CallDecision } from '../../kernel/exchange-record.ts';
import type { Exchange } from '../../kernel/exchange.ts';
import type { JsonObject } from '../../kernel/json-object.ts';
import { roughSize } from '../../kernel/bounds/rough-size.ts';
import { BoundedMap } from '../../kernel/bounds/bounded-map.ts';
import { isYes, parseTrustAnswer, type TrustAnswer } from '../trust/parse-answer.ts';
import { digest, saidKey } from '../../protocol/conversation/said-key.ts';
import type { HistoryItem } from '../../protocol/apis/history-item.ts';
import type { CallOutput } from '../../protocol/apis/turn-codec.ts';

/** One piece of an answer, in the order in which the model knows them. */
export type TurnPart =
  /** The client has it, and sends it again; by what it is recognised then. */
  | { readonly kind: 'seen'; readonly keys: readonly string[] }
  /** The model said it, or was told it, and the client never saw it. */
  | { readonly kind: 'hidden'; readonly historyItem: HistoryItem }
  /** We said it to the user; the model does not get to see it. */
  | { readonly kind: 'ours'; readonly keys: readonly string[] };

/** What the model knows and the client does not. */
export function hiddenPart(historyItem: HistoryItem): TurnPart {
  return { kind: 'hidden', historyItem };
}

/** A call that the user is asked about. */
export interface AskedCall {
  /** As it stands in an answer of the client's API. */
  readonly item: JsonObject;
  /** What names it in the record of an exchange. */
  readonly named: Pick<CallDecision, 'callId' | 'tool'>;
  /** The question. */
  readonly asks: string;
  /** The calls of its round that the client has not got, itself among them, in order; and the outputs of the others. */
  readonly said: readonly JsonObject[];
  readonly outputs: readonly HistoryItem[];
  /** The folder of the project that it was made in; none where no project has a say in it. */
  readonly workspace: string | undefined;
  /** Keeps the user's word. */
  readonly resolve: (answer: TrustAnswer) => Promise<void>;
  /** Runs it, where it is a call of ours and not the client's. */
  readonly run: ((by: Answering) => Promise<CallProgress>) | undefined;
  /** What it asks itself, where it runs already: any message is an answer then. */
  readonly open: OpenQuestion | undefined;
  /** The user's last word; `other`: a message that is no answer. */
  word: TrustAnswer | 'other' | undefined;
  /** What became of it by each thing that the user said: one who goes back may say something else, in another branch. */
  readonly settlements: Map<AskedWord, Settlement>;
  /** What is settled at the moment. */
  readonly underWay: Map<string, Promise<unknown>>;
}

/** What a call that runs here asks the user, and waits for. */
export interface OpenQuestion {
  readonly asks: string;
  /** Goes on with what the user says. */
  readonly goOn: (text: string, by: Answering) => Promise<CallProgress>;
  /** Why it does not wait any more; `undefined` while it does. */
  readonly over: () => string | undefined;
}

/** The request that brings the user's answer. */
export type Answering = Pick<Exchange, 'signal' | 'state'>;

/** What a call that runs here comes to next: its output, or a question to the user that it waits for. */
export type CallProgress =
  /** `stop`: the turn ends behind it, with this reason. */
  { readonly output: CallOutput; readonly stop: string | undefined } | OpenQuestion;

/** Names what the user says to a question about a call: a yes, a no, or anything else; to one of the call itself, the words. */
export type AskedWord = string;

/** What a message of the user says to a question about a call, or of one. */
export function askedWord({ open, settlements }: AskedCall, text: string): AskedWord {
  const said = saidWord(text);
  // A command of ours was answered, and the question waits on.
  if (open !== undefined || settlements.has(said)) return said;
  const answer = parseTrustAnswer(text);
  return isYes(answer) ? 'yes' : answer === 'no' ? 'no' : 'other';
}

/** The words of a message, whatever they answer. */
export function saidWord(text: string): AskedWord {
  return digest(text.trim());
}

/** Whether a message of the user is nothing but an answer to a question, which the model does not get to see. */
export function isReplyTo({ open, settlements }: AskedCall, text: string): boolean {
  return open !== undefined || settlements.has(saidWord(text)) || parseTrustAnswer(text) !== undefined;
}

/** What became of a call that the user was asked about. */
export interface Settlement {
  /** The client has got it, or it ran here, or was refused; or there is another question. */
  readonly kind: 'released' | 'answered' | 'refused' | 'asked';
  /** What stands behind the parts of the answer that asked. */
  readonly parts: readonly TurnPart[];
  /** The question that the user is asked in the place of an answer. */
  readonly next?: NextQuestion;
  /** Whether the user called a command instead of an answer, which ended the question: it stays, and runs as a command. */
  readonly isByCommand?: boolean;
  /** Why what the user said was not used: nothing waited for it any more. */
  readonly unused?: string | undefined;
  /** Why the turn ends with it: the user reads that in the place of an answer. */
  readonly stop?: string | undefined;
}

/** A question behind the answer to another one. */
export interface NextQuestion {
  readonly text: string;
  readonly asked: AskedCall;
}

/** The question that a call asks itself, behind one about it or of it. */
export function nextQuestion(before: AskedCall, open: OpenQuestion): NextQuestion {
  return {
    text: open.asks,
    asked: askedAgain({
      ...before,
      ...{ asks: open.asks, open, run: undefined, resolve: () => Promise.resolve() },
    }),
  };
}

/** The same question, asked once more. */
export function askedAgain(asked: AskedCall): AskedCall {
  return { ...asked, word: undefined, settlements: new Map(), underWay: new Map() };
}

/** An answer in which model and client do not have the same before them. */
export interface HiddenTurn {
  parts: readonly TurnPart[];
  /** The texts of the answer as the client got them, in order, ours among them. */
  texts: readonly string[];
  asked: AskedCall | undefined;
  /** Where it stands in the client's conversation; what says the same in another place, or branch, is told apart by it. */
  place: string;
  /** The key of what it answers, once it is kept. */
  behind: string;
  /** Whether it ended in the middle, or in a failure: its client may have kept nothing of it. */
  isBroken: boolean;
  /** Of one that broke: how often the provider refused the conversation with what is put back of it. */
  refusals?: number;
  /** Of one that broke: whether a later request with it was answered to its end, so that the same request is a new one. */
  isPast?: boolean;
  /** Its texts in order where the client has any in other words: what goes to the user may be changed on its way. */
  deliveredTexts: readonly DeliveredText[];
}

/** A text as the client has it, and as the model said it. */
export type DeliveredText = readonly [delivered: string, own: string];

/** An answer that a client may go on from by its id, without sending the conversation. */
export interface ChainedTurn {
  /** The id that the provider knows: an answer of several rounds has the first one's for its client. */
  readonly id: string;
  readonly turn: HiddenTurn;
  /** The parts of the last round, of which the provider has the calls and not the outputs. */
  readonly from: number;
}

const maxTurns = 500;
/** Answers to the same words that are told apart by what is in them. */
const maxAlike = 64;

/** The answers that asked the same. */
interface AskingTurns {
  readonly turns: readonly HiddenTurn[];
  /** Where there were others, about calls that none of these is about: by numbers, of which there are only so many. */
  readonly forgotten: ReadonlySet<number>;
}

/**
 * What models said in one conversation that their client never saw, and the reverse. It has to be put back each
 * time, for the model to know what it did and why nothing came of it.
 */
export class SessionTurns {
  /** By what they answer; the oldest first, as in the conversation. */
  readonly #behind: BoundedMap<string, readonly HiddenTurn[]>;
  /** Those that asked the user something, by the question. */
  readonly #asking: BoundedMap<string, AskingTurns>;
  readonly #changed: () => void;
  #hasBroken = false;

  constructor(maxSize: number, changed: () => void) {
    this.#changed = changed;
    this.#behind = new BoundedMap(maxTurns, {
      maxSize,
      sizeOf: (turns, key) => key.length + sizeOfAll(turns),
    });
    this.#asking = new BoundedMap(maxTurns, {
      maxSize,
      sizeOf: ({ turns, forgotten }, key) => key.length + sizeOfAll(turns) + roughSize([...forgotten]),
    });
  }

  get isEmpty(): boolean {
    return this.#behind.size === 0 && this.#asking.size === 0;
  }

  /** In characters. */
  get totalSize(): number {
    return this.#behind.totalSize + this.#asking.totalSize;
  }

  /** The answers to what has a key. */
  behind(key: string): readonly HiddenTurn[] {
    return this.#behind.get(key) ?? [];
  }

  /** The answers that broke; the oldest first. */
  broken(): readonly HiddenTurn[] {
    if (!this.#hasBroken) return [];
    return [...this.#behind.values()].flat().filter(({ isBroken }) => isBroken);
  }

  /** The answers that asked a question, in these words; the oldest first. */
  asking(question: string): readonly HiddenTurn[] {
    return this.#asking.get(question)?.turns ?? [];
  }

  /**
   * Whether the question was asked at a place, or anywhere, about another call than those that are known: then nobody
   * can tell which one an answer is for.
   */
  hasForgotten(question: string, place?: string): boolean {
    const forgotten = this.#asking.get(question)?.forgotten;
    if (forgotten === undefined || forgotten.size === 0) return false;
    return place === undefined || forgotten.has(placeNumber(place));
  }

  /** Remembers an answer by what it answers; counted again where something was added to it. */
  keep(turn: HiddenTurn, key: string): void {
    if (turn.behind !== key) this.#forget(turn);
    turn.behind = key;
    this.#hasBroken ||= turn.isBroken;
    this.#behind.set(key, withTurn(this.behind(key), turn));
    this.#changed();
  }

  #forget(turn: HiddenTurn): void {
    const left = this.behind(turn.behind).filter((other) => other !== turn);
    if (left.length === 0) this.#behind.delete(turn.behind);
    else this.#behind.set(turn.behind, left);
  }

  /** Remembers an answer by what it asks the user. */
  ask(turn: HiddenTurn, question: string): void {
    const turns = withTurn(this.asking(question), turn);
    const dropped = this.asking(question).filter((other) => !turns.includes(other));
    const lost = dropped.filter((other) => !turns.some((left) => asksTheSame(left, other)));
    const before = this.#asking.get(question)?.forgotten ?? [];
    const forgotten = new Set([...before, ...lost.map(({ place }) => placeNumber(place))]);
    this.#asking.set(question, { turns, forgotten });
    this.#changed();
  }
}

/** One of 65536 numbers for a place. Two that share one cost a user a second question, and the set stays small. */
function placeNumber(place: string): number {
  return Buffer.from(digest(place), 'base64url').readUInt16BE();
}

function asksTheSame(one: HiddenTurn, other: HiddenTurn): boolean {
  return one.place === other.place && callKey(one) === callKey(other);
}

/** Names the call that an answer asks about by its tool and its input. */
export function callKey({ asked }: HiddenTurn): string {
  return saidKey({ ...asked?.item, id: undefined, call_id: undefined, status: undefined });
}

function withTurn(alike: readonly HiddenTurn[], turn: HiddenTurn): readonly HiddenTurn[] {
  return alike.includes(turn) ? alike : [...alike, turn].slice(-maxAlike);
}

function sizeOfAll(turns: readonly HiddenTurn[]): number {
  return turns.reduce((size, turn) => size + sizeOfTurn(turn), 0);
}

/** A turn that is kept in more than one way counts for each. */
export function sizeOfTurn({ parts, texts, asked, deliveredTexts }: HiddenTurn): number {
  return roughSize([parts, texts, asked, deliveredTexts]);
}
