import type { RequestId } from '@modelcontextprotocol/server';
import { isJsonObject, objectIn } from '../../kernel/json-object.ts';

/**
 * The ids of the requests of one session that have no answer yet. The SDK gives the answers of two requests with one id
 * to the later one, and leaves the other waiting.
 */
export class IdsInUse {
  readonly #ids = new Set<RequestId>();

  /** Takes the ids of all requests in a body; none, and `undefined`, where one of them is in use or there twice. */
  take(body: unknown): readonly RequestId[] | undefined {
    const ids = messagesIn(body).flatMap(requestIdOf);
    if (new Set(ids).size < ids.length || ids.some((id) => this.#ids.has(id))) return undefined;
    for (const id of ids) this.#ids.add(id);
    return ids;
  }

  free(ids: readonly RequestId[]): void {
    for (const id of ids) this.#ids.delete(id);
  }

  /** What a client gives up in a body has no answer. */
  freeCancelled(body: unknown): void {
    this.free(messagesIn(body).flatMap(cancelledIdOf));
  }
}

function messagesIn(body: unknown): readonly unknown[] {
  return Array.isArray(body) ? body : [body];
}

function requestIdOf(message: unknown): readonly RequestId[] {
  const { id, method } = isJsonObject(message) ? message : {};
  return typeof method === 'string' ? idIn(id) : [];
}

function cancelledIdOf(message: unknown): readonly RequestId[] {
  const { method, params } = isJsonObject(message) ? message : {};
  return method === 'notifications/cancelled' ? idIn(objectIn(params)['requestId']) : [];
}

function idIn(id: unknown): readonly RequestId[] {
  return typeof id === 'string' || typeof id === 'number' ? [id] : [];
}
