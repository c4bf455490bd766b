import type { FetchLike } from '@modelcontextprotocol/client';
import { unlessAborted } from '../unless-aborted.ts';

interface RenewedParts {
  /** The headers that requests come with. */
  readonly first: Readonly<Record<string, string>>;
  /** Gets them anew. */
  readonly renew: () => Promise<Readonly<Record<string, string>>>;
}

/**
 * `fetch` for a server whose headers a helper printed: where it refuses them (401) the helper is run again, once for all who
 * wait for it, and the request made once more if it printed others.
 */
export function withRenewedHeaders(fetch: FetchLike, { first, renew }: RenewedParts): FetchLike {
  let current = first;
  let renewing: Promise<void> | undefined;
  const renewed = (): Promise<void> =>
    (renewing ??= renew()
      .then((headers) => {
        current = headers;
      })
      .finally(() => {
        renewing = undefined;
      }));
  return async (url, init) => {
    const used = current;
    const answer = await fetch(url, withHeaders(init, { first, current: used }));
    if (answer.status !== 401) return answer;
    if (used === current) {
      const signal = init?.signal ?? new AbortController().signal;
      await unlessAborted(signal, renewed());
    }
    if (isSame(used, current)) return answer;
    await answer.body?.cancel();
    return await fetch(url, withHeaders(init, { first, current }));
  };
}

function withHeaders(
  init: RequestInit | undefined,
  { first, current }: Record<'first' | 'current', Readonly<Record<string, string>>>,
): RequestInit | undefined {
  if (first === current) return init;
  const headers = new Headers(init?.headers);
  for (const name of Object.keys(first)) headers.delete(name);
  for (const [name, value] of Object.entries(current)) headers.set(name, value);
  return { ...init, headers };
}

function isSame(one: Readonly<Record<string, string>>, other: Readonly<Record<string, string>>): boolean {
  return one === other || JSON.stringify(one) === JSON.stringify(other);
}
