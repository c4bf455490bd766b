import { isJsonObject } from '../../kernel/json-object.ts';
import { UsedCallIds } from './call-id.ts';
import type { CallEntry, Entry, ReasoningEntry } from './model-request.ts';

/** Calls of one id in one turn that have no result yet, by the ids that they got. */
interface Waiting {
  readonly turn: number;
  readonly callIds: string[];
}

/**
 * A conversation in which each call has an id of its own: some servers count from `call_0` again in each turn. A repeat
 * gets its number behind it (`call_0_2`), with the results in the order of their calls. A call that stands there twice,
 * letter by letter and with no result between, stays one.
 */
export function distinctCalls(entries: readonly Entry[]): readonly Entry[] {
  const ids = new SeenCalls();
  return entries.flatMap((entry): readonly Entry[] => {
    if (entry.kind === 'call') return ids.call(entry);
    if (entry.kind === 'result') return [{ ...entry, callId: ids.resultOf(entry.callId) }];
    if (entry.kind === 'reasoning') return [ids.reasoning(entry)];
    if (entry.kind === 'user') ids.nextTurn();
    return [entry];
  });
}

class SeenCalls {
  readonly #used = new UsedCallIds();
  /** By the ids as they came: those without a result, and the last one. */
  readonly #waiting = new Map<string, Waiting>();
  readonly #last = new Map<string, CallEntry>();
  #turn = 0;

  nextTurn(): void {
    this.#turn += 1;
  }

  /** Nothing for one that stands there already. */
  call(call: CallEntry): readonly CallEntry[] {
    const { callId } = call;
    const waiting = this.#waitingOf(callId);
    const last = this.#last.get(callId);
    const isSame = last?.name === call.name && last.input === call.input;
    if (isSame && waiting.length > 0) return [];
    const named = { ...call, callId: this.#used.use(callId) };
    this.#last.set(callId, named);
    waiting.push(named.callId);
    return [named];
  }

  /** What was interrupted in an earlier turn gets no result any more once its id is given again. */
  #waitingOf(callId: string): string[] {
    const known = this.#waiting.get(callId);
    if (known?.turn === this.#turn) return known.callIds;
    const callIds: string[] = [];
    this.#waiting.set(callId, { turn: this.#turn, callIds });
    return callIds;
  }

  /** One more for the same call, and one whose call is not there, keep the id. */
  resultOf(callId: string): string {
    return this.#waiting.get(callId)?.callIds.shift() ?? this.#last.get(callId)?.callId ?? callId;
  }

  /** What a provider wants back with its calls stands by their ids, behind them. */
  reasoning(entry: ReasoningEntry): ReasoningEntry {
    const { original } = entry;
    if (original?.origin !== 'openai-compatible') return entry;
    const blocks = original.blocks.map((block) => {
      if (!isJsonObject(block['calls'])) return block;
      const calls = Object.entries(block['calls']).map(
        ([callId, fields]) => [this.#last.get(callId)?.callId ?? callId, fields] as const,
      );
      return { ...block, calls: Object.fromEntries(calls) };
    });
    return { ...entry, original: { ...original, blocks } };
  }
}
