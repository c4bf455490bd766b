import type { AskedCall, ChainedTurn, TurnPart } from '../../features/sessions/hidden-turns.ts';
import type { ApiRequest } from '../../kernel/exchange.ts';
import type { JsonObject } from '../../kernel/json-object.ts';
import type { LocalAnswerHead } from '../../protocol/local-answer.ts';
import type { HistoryItem } from '../../protocol/apis/history-item.ts';
import type { AnswerContent, RoundCodec } from '../../protocol/apis/round-codec.ts';
import type { AnswerEnd, RoundItem } from '../../protocol/apis/round.ts';
import { sumUsage } from '../../protocol/apis/sum-usage.ts';
import type { AnswerPiece } from './answer-turns.ts';
import type { Settled } from './settle-call.ts';

/** How an answer goes on after a round. */
export type Fate =
  /** The model is told what came of its calls; the client has not seen them. */
  | { readonly kind: 'again'; readonly request: ApiRequest }
  /** `say`: a text of ours that it ends with. */
  | { readonly kind: 'over'; readonly say: string | undefined };

type Refused = Exclude<Settled, { readonly kind: 'released' }>;

/** One thing of a round, with what became of it. */
interface Outcome {
  /** With the input that it was released with, where that is another than the model's. */
  readonly item: JsonObject;
  readonly refused: Refused | undefined;
}

const askAlone =
  "This call needs the user's permission, and the user is asked about one call alone. It was not run. Make it again by itself.";

/** What one answer consists of, over all of its rounds: what the client has got, and what only the model knows. */
export class AnswerLog {
  readonly #codec: RoundCodec;
  readonly #head: LocalAnswerHead;
  #request: ApiRequest;
  readonly #shown: JsonObject[] = [];
  readonly #parts: TurnPart[] = [];
  #usage: JsonObject | undefined;
  #asked: AskedCall | undefined;
  #hasCalls = false;
  #chain: Omit<ChainedTurn, 'turn'> | undefined;

  constructor(request: ApiRequest, codec: RoundCodec, head: LocalAnswerHead) {
    this.#request = request;
    this.#codec = codec;
    this.#head = head;
  }

  /** Takes a round that is over. While the client has a call to run, the turn goes on with its next request. */
  take({ items, usage, ending, chainId }: AnswerContent, settled: ReadonlyMap<string, Settled>): Fate {
    this.#usage = sumUsage(this.#usage, usage);
    this.#chain = chainId === undefined ? undefined : { id: chainId, from: this.#parts.length };
    const outcomes = items.map((item) => this.#outcomeOf(item, settled.get(item.key)));
    const seen = outcomes.filter(({ refused }) => refused === undefined).map(({ item }) => item);
    this.#shown.push(...seen);
    this.#hasCalls = seen.some((item) => this.#codec.isForClient(item));
    const ask = this.#hasCalls ? undefined : refusalOf('ask', outcomes);
    const stop = this.#hasCalls ? undefined : refusalOf('stop', outcomes);
    if (ask !== undefined && stop === undefined) return this.#ask(ask.outcome, ask.refused, outcomes);
    const outputs = this.#outputsOf(outcomes);
    this.#parts.push(...this.#partsOf(outcomes), ...outputs.map(hiddenPart));
    if (stop !== undefined) return this.#say(stop.refused.reason);
    if (outputs.length === 0 || this.#hasCalls || ending !== 'complete')
      return { kind: 'over', say: undefined };
    const said = outcomes.map(({ item }): HistoryItem => ({ kind: 'said', item }));
    this.#request = this.#codec.withTurn(this.#request, [...said, ...outputs]);
    return { kind: 'again', request: this.#request };
  }

  /** What the answer comes to for the client. */
  end(): AnswerEnd {
    return { items: this.#shown, usage: this.#usage, hasCalls: this.#hasCalls };
  }

  /** What has to be remembered; `undefined` where the client has seen everything. */
  piece(): AnswerPiece | undefined {
    if (this.#parts.every(({ kind }) => kind === 'seen')) return undefined;
    return { parts: this.#parts, shown: this.#shown, asked: this.#asked, chain: this.#chain };
  }

  #outcomeOf({ item, call }: RoundItem, settled: Settled | undefined): Outcome {
    if (call === undefined || settled === undefined) return { item, refused: undefined };
    const input = 'input' in settled ? settled.input : undefined;
    const changed = input === undefined ? item : this.#codec.withInput(item, input);
    return { item: changed, refused: settled.kind === 'released' ? undefined : settled };
  }

  #ask(
    asked: Outcome,
    { question, answered }: Extract<Refused, { readonly kind: 'ask' }>,
    outcomes: readonly Outcome[],
  ): Fate {
    this.#parts.push(...this.#partsOf(outcomes.filter(({ refused }) => refused === undefined)));
    this.#asked = {
      item: asked.item,
      said: outcomes.filter(({ refused }) => refused !== undefined).map(({ item }) => item),
      outputs: this.#outputsOf(outcomes.filter((outcome) => outcome !== asked)),
      answered,
      outcome: undefined,
    };
    return this.#say(question);
  }

  #say(text: string): Fate {
    const item = this.#codec.textItem(this.#head, text);
    this.#parts.push({ kind: 'ours', keys: this.#codec.keysOf(item) });
    this.#shown.push(item);
    return { kind: 'over', say: text };
  }

  #partsOf(outcomes: readonly Outcome[]): readonly TurnPart[] {
    return outcomes.map(({ item, refused }) =>
      refused === undefined
        ? { kind: 'seen', keys: this.#codec.keysOf(item) }
        : hiddenPart({ kind: 'said', item }),
    );
  }

  #outputsOf(outcomes: readonly Outcome[]): readonly HistoryItem[] {
    return outcomes.flatMap(({ item, refused }) =>
      refused === undefined ? [] : this.#codec.outputs(item, ...outputOf(refused)),
    );
  }
}

/** The first call that something of a kind was decided about. */
function refusalOf<Kind extends Refused['kind']>(
  kind: Kind,
  outcomes: readonly Outcome[],
): { readonly outcome: Outcome; readonly refused: Extract<Refused, { readonly kind: Kind }> } | undefined {
  for (const outcome of outcomes) {
    const { refused } = outcome;
    if (refused !== undefined && isKind(refused, kind)) return { outcome, refused };
  }
  return undefined;
}

function isKind<Kind extends Refused['kind']>(
  refused: Refused,
  kind: Kind,
): refused is Extract<Refused, { readonly kind: Kind }> {
  return refused.kind === kind;
}

function outputOf(refused: Refused): [text: string, isError: boolean] {
  switch (refused.kind) {
    case 'hidden':
      return [refused.output, refused.isError];
    case 'stop':
      return [refused.reason, true];
    case 'ask':
      return [askAlone, true];
  }
}

function hiddenPart(historyItem: HistoryItem): TurnPart {
  return { kind: 'hidden', historyItem };
}
