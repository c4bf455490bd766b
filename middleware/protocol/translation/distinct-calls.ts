import { isJsonObject } from '../../kernel/json-object.ts';
import { freshCallId } from './call-id.ts';
import type { CallEntry, Entry, ReasoningEntry } from './model-request.ts';

interface Waiting {
  readonly callId: string;
  readonly turn: number;
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
  readonly #used = new Set<string>();
  /** By the ids as they came: those without a result, and the last one. */
  readonly #waiting = new Map<string, Waiting[]>();
  readonly #last = new Map<string, CallEntry>();
  #turn = 0;

  nextTurn(): void {
    this.#turn += 1;
  }

  /** Nothing for one that stands there already. */
  call(call: CallEntry): readonly CallEntry[] {
    const { callId } = call;
    // What was interrupted in an earlier turn gets no result any more once its id is given again.
    const waiting = (this.#waiting.get(callId) ?? []).filter(({ turn }) => turn === this.#turn);
    const last = this.#last.get(callId);
    if (last !== undefined && waiting.length > 0 && last.name === call.name && last.input === call.input)
      return [];
    const named = { ...call, callId: freshCallId(callId, this.#used) };
    this.#used.add(named.callId);
    this.#last.set(callId, named);
    this.#waiting.set(callId, [...waiting, { callId: named.callId, turn: this.#turn }]);
    return [named];
  }

  /** One more for the same call, and one whose call is not there, keep the id. */
  resultOf(callId: string): string {
    return this.#waiting.get(callId)?.shift()?.callId ?? this.#last.get(callId)?.callId ?? callId;
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
