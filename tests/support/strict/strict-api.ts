import type { JsonObject } from '../../../middleware/kernel/json-object.ts';
import type { Item } from '../fake-upstream/step.ts';

/** One provider's API that refuses what the real one would. */
export interface StrictApi {
  /** What it refuses of a request. */
  readonly faultsOf: (body: JsonObject, model: string) => readonly string[];
  /** What a model loses by a request that is not refused: thoughts of its own that it does not get back. */
  readonly lossesOf: (body: JsonObject) => readonly string[];
  /** The body of an error with the status 400. */
  readonly refusal: (message: string) => JsonObject;
  readonly stream: (model: string, items: readonly Item[], turn: number) => string;
  readonly json: (model: string, items: readonly Item[], turn: number) => JsonObject;
}

/** Calls of tools with a text as their input, as calls of functions. */
export function asFunctions(items: readonly Item[]): readonly Item[] {
  return items.map((item) =>
    item.kind === 'custom'
      ? { kind: 'call', name: item.name, callId: item.callId, arguments: { input: item.input } }
      : item,
  );
}

/** What is thought right before the calls of an answer. */
export function thoughtOf(items: readonly Item[]): string | undefined {
  const thoughts = items.flatMap((item) => (item.kind === 'reasoning' ? [item.text] : []));
  return thoughts.length === 0 ? undefined : thoughts.join('');
}
