import { setTimeout as sleep } from 'node:timers/promises';
import { objectIn, type JsonObject } from '../../kernel/json-object.ts';
import type { Log } from '../../kernel/log.ts';

interface WatchParts {
  /** Whether it is watched, until the signal is aborted. */
  readonly watch: (uri: string, signal: AbortSignal) => Promise<boolean>;
  readonly signal: AbortSignal;
  readonly log: Log;
}

/** Of one stream. */
const maxWatched = 100;
/** The stream does not begin before; whoever opens it waits for longer than that. */
const beginMs = 10_000;

/**
 * A request of the newer protocol to listen, with those of its resources that are watched from now on until the signal is
 * aborted: no other is to be acknowledged.
 */
export async function watchListened(body: JsonObject, parts: WatchParts): Promise<JsonObject> {
  const params = objectIn(body['params']);
  const notifications = objectIn(params['notifications']);
  const { resourceSubscriptions: uris } = notifications;
  // Any other the SDK refuses, and says why.
  if (!Array.isArray(uris) || !uris.every((uri) => typeof uri === 'string')) return body;
  const first = uris.slice(0, maxWatched);
  const done = new AbortController();
  const late = sleep(beginMs, false, { signal: done.signal, ref: false }).catch(() => false);
  const begun = await Promise.all(first.map((uri) => begins(uri, late, parts)));
  done.abort();
  const resourceSubscriptions = first.filter((_, index) => begun[index]);
  return { ...body, params: { ...params, notifications: { ...notifications, resourceSubscriptions } } };
}

async function begins(
  uri: string,
  late: Promise<boolean>,
  { watch, signal, log }: WatchParts,
): Promise<boolean> {
  const given = new AbortController();
  const begun = watch(uri, AbortSignal.any([signal, given.signal])).catch((error: unknown) => {
    if (!signal.aborted && !given.signal.aborted) log.debug('a resource cannot be watched', { uri, error });
    return false;
  });
  const isWatched = await Promise.race([begun, late]);
  if (!isWatched) given.abort();
  return isWatched;
}
