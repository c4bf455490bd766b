import { addAll } from '../../kernel/bounds/add-all.ts';
import { placeKey, turnKey, type HookPlace } from '../../features/hooks/sessions/hook-place.ts';
import type { Sessions } from '../../features/sessions/sessions.ts';
import { hiddenPart, type AskedCall, type TurnPart } from '../../features/sessions/session-turns.ts';
import type { ExchangeRecord } from '../../kernel/exchange-record.ts';
import type { ApiRequest, Exchange } from '../../kernel/exchange.ts';
import type { JsonObject } from '../../kernel/json-object.ts';
import type { AnswerContent, RoundCodec } from '../../protocol/apis/round-codec.ts';
import type { HistoryItem } from '../../protocol/apis/history-item.ts';
import { lastText } from '../../protocol/apis/common/last-text.ts';
import type { AnswerEnd, RoundItem } from '../../protocol/apis/round.ts';
import { sumUsage } from '../../protocol/apis/common/sum-usage.ts';
import type { LocalAnswerHead } from '../../protocol/apis/local-answer.ts';
import { usageOf } from '../../protocol/usage.ts';
import { codecOf } from '../../protocol/apis/codec-of.ts';
import { toolOf } from './call-decisions.ts';
import { withDistinctIds } from './distinct-ids.ts';
import type { CallResolution } from './resolve-call.ts';
import {
  askedIn,
  givenUp,
  leaveWaiting,
  openQuestionOf,
  outcomesOf,
  outputsOf,
  progressOf,
  stopIn,
  withoutWaiting,
  type CallOutcome,
} from './round-outcome.ts';
import { putBackKey, refusalsIn, type PutBack } from '../put-back.ts';
import { TurnMemory } from '../turn-memory.ts';

/** How an answer goes on after a round. */
export type AfterRound =
  /** The model is told what came of its calls; the client has not seen them. */
  | { readonly kind: 'again'; readonly request: ApiRequest }
  /** `say`: what it ends with. */
  | { readonly kind: 'over'; readonly say: OwnText | undefined };

/** A text of ours, and what it is named by. */
export interface OwnText {
  readonly head: LocalAnswerHead;
  readonly text: string;
}

/** What one answer consists of, over all of its rounds: what the client has got, and what only the model knows. */
export class AnswerRecord {
  readonly #codec: RoundCodec;
  readonly #head: LocalAnswerHead;
  readonly #memory: TurnMemory;
  readonly #place: HookPlace | undefined;
  #request: ApiRequest;
  readonly #shown: JsonObject[] = [];
  /** How many of them were there when the model was last sent back to work. */
  #shownBefore = 0;
  readonly #parts: TurnPart[] = [];
  readonly #outcome: ExchangeRecord;
  #usage: JsonObject | undefined;
  #asked: AskedCall | undefined;
  /** Ends the call that asks, as long as its client has not got the question: nobody would answer it. */
  #leaveAsked: (() => void) | undefined;
  #hasCalls = false;
  #isBroken = false;
  /** Whether a call ran here: what was refused did nothing that a model must not do again. */
  #hasRun = false;
  readonly #ownTexts: string[] = [];
  /** What the model said and was told in the last round, and the request does not have yet. */
  #news: readonly HistoryItem[] = [];
  /** What stands in the request of answers that broke. */
  readonly #putBack: PutBack | undefined;
  readonly #refusals: () => number;
  /** The last round, as a client could go on from it by its id. */
  #lastRound: { readonly id: string; readonly from: number } | undefined;

  constructor(exchange: Exchange, codec: RoundCodec, sessions: Sessions, head: LocalAnswerHead) {
    this.#request = exchange.request;
    this.#codec = codec;
    this.#head = head;
    this.#memory = new TurnMemory(exchange, codec, sessions);
    this.#outcome = exchange.record;
    this.#place = exchange.state.get(placeKey);
    this.#putBack = exchange.state.get(putBackKey);
    this.#refusals = () => refusalsIn(exchange);
  }

  /** Whether the model may be asked to go on by somebody else: it has ended its work, and nobody is to answer anything. */
  get mayGoOn(): boolean {
    return !this.#hasCalls && this.#asked === undefined;
  }

  /** Whether the client has seen all that the model said and was told, so that nothing is to be remembered. */
  get isAllSeen(): boolean {
    return this.#parts.every(({ kind }) => kind === 'seen');
  }

  get isAsking(): boolean {
    return this.#asked !== undefined;
  }

  /** The last thing that the client has got since the model began, or was sent back to work. */
  get lastText(): string {
    return lastText(this.#shown.slice(this.#shownBefore));
  }

  /** Takes a round that is over. While the client has a call to run, the turn goes on with its next request. */
  take(
    { items, usage, ending, chainId }: AnswerContent,
    resolutions: ReadonlyMap<string, CallResolution>,
  ): AfterRound {
    this.#countUsage(usage);
    this.#isBroken = ending === 'failed';
    this.#lastRound = chainId === undefined ? undefined : { id: chainId, from: this.#parts.length };
    this.#memory.began(chainId);
    const outcomes = this.#outcomesOf(items, resolutions);
    this.#hasRun ||= outcomes.some(({ refused }) => refused?.kind === 'answered');
    const seen = outcomes.filter(({ refused }) => refused === undefined).map(({ item }) => item);
    addAll(this.#shown, seen);
    this.#hasCalls = seen.some((item) => this.#codec.isForClient(item));
    const { stop, asked } = this.#endOf(outcomes);
    leaveWaiting(outcomes, asked?.outcome);
    if (asked !== undefined) return this.#ask(asked.outcome, asked.refused, outcomes);
    const outputs = outputsOf(outcomes, this.#codec);
    addAll(this.#parts, [...this.#partsOf(outcomes), ...outputs.map(hiddenPart)]);
    this.#news = [...outcomes.map(({ item }): HistoryItem => ({ kind: 'said', item })), ...outputs];
    if (stop !== undefined) return this.#end(stop);
    if (outputs.length === 0 || this.#hasCalls || ending !== 'complete')
      return { kind: 'over', say: undefined };
    return { kind: 'again', request: this.#withNews() };
  }

  /**
   * Takes a round that broke in the middle: what the client has got of it stands behind the rounds before, and so do the
   * calls that ran here, to their end or not, which the model would make again.
   */
  breakOff(items: readonly RoundItem[], resolutions: ReadonlyMap<string, CallResolution>): void {
    this.#giveUpUnread();
    const outcomes = withoutWaiting(this.#outcomesOf(items, resolutions));
    const left = outcomes.filter(({ refused }) => refused === undefined || refused.kind === 'answered');
    const seen = left.filter(({ refused }) => refused === undefined);
    this.#isBroken = true;
    this.#hasRun ||= left.length > seen.length;
    addAll(this.#parts, [...this.#partsOf(left), ...outputsOf(left, this.#codec).map(hiddenPart)]);
    addAll(
      this.#shown,
      seen.map(({ item }) => item),
    );
    this.#remember();
  }

  /** Of a conversation that the provider keeps, it knows the calls by the ids that it gave. */
  #outcomesOf(
    items: readonly RoundItem[],
    resolutions: ReadonlyMap<string, CallResolution>,
  ): readonly CallOutcome[] {
    const outcomes = outcomesOf(items, resolutions, this.#codec);
    const isKept = codecOf(this.#request.api).request.isKeptByProvider(this.#request.json);
    return isKept ? outcomes : withDistinctIds(outcomes, this.#codec);
  }

  /** The client has got what the user is asked. */
  questionGiven(): void {
    this.#leaveAsked = undefined;
  }

  #giveUpUnread(): void {
    if (this.#leaveAsked === undefined || this.#asked === undefined) return;
    this.#leaveAsked();
    const { item, said, outputs } = this.#asked;
    const calls = said.map((call): HistoryItem => ({ kind: 'said', item: call }));
    const given = this.#codec.outputs(item, { text: givenUp.output, isError: true });
    // In the place of the question, which stands last.
    this.#parts.pop();
    addAll(this.#parts, [...calls, ...outputs, ...given].map(hiddenPart));
    this.#shown.pop();
    [this.#asked, this.#leaveAsked, this.#hasRun] = [undefined, undefined, true];
  }

  /** The request with which the model, that wants to end, goes on with some words of the user. */
  goOn(words: readonly string[]): ApiRequest {
    const historyItems = words.map(this.#codec.words);
    addAll(this.#parts, historyItems.map(hiddenPart));
    this.#shownBefore = this.#shown.length;
    // By itself: of a conversation that the provider keeps it has all but this.
    this.#request = this.#codec.withTurn(this.#withNews(), historyItems);
    this.#remember();
    return this.#request;
  }

  /** Adds a text of ours, that the model never gets to see. */
  say({ head, text }: OwnText): void {
    const item = this.#codec.textItem(head, text);
    this.#parts.push({ kind: 'ours', keys: this.#codec.keysOf(item) });
    this.#shown.push(item);
  }

  /** The ends of ours that it came to. */
  get ownTexts(): readonly string[] {
    return this.#ownTexts;
  }

  /** What the answer comes to for the client. */
  end(): AnswerEnd {
    return { items: this.#shown, usage: this.#usage, hasCalls: this.#hasCalls };
  }

  /**
   * Remembers an answer that is over, where model and client do not have the same before them. What was put back for it
   * is a part of it from now on.
   */
  remember(): void {
    if (this.#isBroken || this.#putBack === undefined) {
      this.#remember();
      return;
    }
    for (const turn of this.#putBack.turns) turn.isPast = true;
    this.#remember(this.#putBack.retried);
  }

  #remember(retried?: PutBack['retried']): void {
    const before = (retried?.historyItems ?? []).map(hiddenPart);
    const parts = [...before, ...this.#parts];
    if (parts.every(({ kind }) => kind === 'seen')) return;
    const isHidden = this.#asked !== undefined || parts.some(({ kind }) => kind === 'hidden');
    const last = isHidden ? this.#lastRound : undefined;
    this.#memory.remember({
      parts,
      shown: this.#shown,
      asked: this.#asked,
      isBroken: this.#isBroken && this.#hasRun,
      refusals: this.#refusals(),
      behind: retried?.behind,
      lastRound: last && { ...last, from: last.from + before.length },
    });
  }

  /** Takes note of what the client really gets, where something changes the texts on their way. */
  given(items: readonly JsonObject[]): void {
    this.#memory.given(this.#shown, items);
  }

  #countUsage(usage: JsonObject | undefined): void {
    this.#usage = sumUsage(this.#usage, usage);
    const counted = usageOf(this.#request.api, this.#usage);
    if (counted !== undefined) this.#outcome.setAnswerUsage(counted);
  }

  #withNews(): ApiRequest {
    this.#request = this.#codec.withTurn(this.#request, this.#news);
    this.#news = [];
    return this.#request;
  }

  #ask(
    asked: CallOutcome,
    resolution: Extract<CallResolution, { readonly kind: 'ask' | 'waits' }>,
    outcomes: readonly CallOutcome[],
  ): AfterRound {
    addAll(this.#parts, this.#partsOf(outcomes.filter(({ refused }) => refused === undefined)));
    const asks = resolution.kind === 'ask' ? resolution.question : resolution.asks;
    this.#asked = {
      ...{ item: asked.item, asks },
      named: { callId: asked.call?.callId ?? '', tool: asked.call === undefined ? '' : toolOf(asked.call) },
      said: outcomes.filter(({ refused }) => refused !== undefined).map(({ item }) => item),
      outputs: outputsOf(
        outcomes.filter((outcome) => outcome !== asked),
        this.#codec,
      ),
      workspace: this.#place?.project.workspace,
      ...answeringOf(resolution),
      ...{ word: undefined, settlements: new Map(), underWay: new Map() },
    };
    this.#leaveAsked = resolution.kind === 'waits' ? resolution.leave : undefined;
    return this.#end(asks);
  }

  /** Why the turn ends with a round, or what its user is asked. Where the client has calls to run, it ends behind these. */
  #endOf(outcomes: readonly CallOutcome[]): RoundEnd {
    const stop = stopIn(outcomes);
    if (!this.#hasCalls) return stop === undefined ? { asked: askedIn(outcomes) } : { stop };
    if (stop !== undefined && this.#place !== undefined) keepStop(this.#place, stop);
    return {};
  }

  #end(text: string): AfterRound {
    // A model that is sent back to work may come to such an end again.
    const ends = this.#ownTexts.length + 1;
    const id = ends === 1 ? this.#head.id : `${this.#head.id}-${ends}`;
    const say = { text, head: { ...this.#head, id } };
    this.#ownTexts.push(text);
    this.say(say);
    return { kind: 'over', say };
  }

  #partsOf(outcomes: readonly CallOutcome[]): readonly TurnPart[] {
    return outcomes.map(({ item, refused }) =>
      refused === undefined
        ? { kind: 'seen', keys: this.#codec.keysOf(item) }
        : hiddenPart({ kind: 'said', item }),
    );
  }
}

/** A hook that refused a call has said so in its own words by then. */
function keepStop(place: HookPlace, stop: string): void {
  const { stopsAfter } = place.session;
  const key = turnKey(place);
  if (stopsAfter.get(key) === undefined) stopsAfter.set(key, stop);
}

interface RoundEnd {
  readonly stop?: string;
  readonly asked?: ReturnType<typeof askedIn>;
}

/** What becomes of the user's word on a call. */
function answeringOf(
  resolution: Extract<CallResolution, { readonly kind: 'ask' | 'waits' }>,
): Pick<AskedCall, 'resolve' | 'run' | 'open'> {
  if (resolution.kind === 'waits') {
    return { resolve: () => Promise.resolve(), run: undefined, open: openQuestionOf(resolution) };
  }
  const { resolve, run } = resolution;
  return {
    resolve,
    run: run && (async (by) => progressOf(await run(by))),
    open: undefined,
  };
}
