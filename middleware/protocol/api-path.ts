import type { Api } from '../kernel/exchange.ts';

const paths: Readonly<Record<Api, string>> = {
  responses: '/responses',
  chat: '/chat/completions',
  completions: '/completions',
  messages: '/messages',
};

/** Where an API has a conversation summed up, instead of gone on with. */
const compactionPaths: Readonly<Partial<Record<Api, string>>> = { responses: '/responses/compact' };

const apis = Object.keys(paths) as Api[];

const owned: ReadonlyMap<string, Api> = new Map(
  [paths, compactionPaths].flatMap((of) => Object.entries(of).map(([api, path]) => [path, api as Api])),
);

const compactions: ReadonlySet<string> = new Set(Object.values(compactionPaths));

/** Where a call of an API goes, below the API root. */
export function pathOf(api: Api): string {
  return paths[api];
}

/**
 * The path below the API root, query string kept: `/v1/responses?x` and `/v1/v1/responses?x` give `/responses?x`.
 * Clients whose base URL already ends in `/v1`, or does not, mean the same (failure reports: doubled `/v1/v1`).
 */
export function pathBelowRoot(url: string): string {
  let path = url;
  while (path.startsWith('/v1/')) path = path.slice(3);
  return path;
}

/** The API of a model call that this middleware owns; `undefined` for every other path. */
export function ownedApi(pathBelow: string): Api | undefined {
  return owned.get(nameOf(pathBelow));
}

/** Whether a call is one for a summary of its conversation alone. No model is offered anything in it, and no call comes of it. */
export function isCompactionCall(pathBelow: string): boolean {
  return compactions.has(nameOf(pathBelow));
}

/** A path alone. What stands in a query may be a secret. */
export function withoutQuery(url: string): string {
  const end = url.indexOf('?');
  return end < 0 ? url : url.slice(0, end);
}

function nameOf(pathBelow: string): string {
  const path = withoutQuery(pathBelow);
  return path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path;
}

/**
 * The API that a request belongs to, by the name of its path: `/v1/messages/count_tokens` comes from a client of
 * Messages.
 */
export function apiNamedIn(url: string): Api | undefined {
  // Where a path names several, the last of the list counts: only clients of Messages need another form than all others.
  return apis.findLast((api) => new RegExp(`${paths[api]}\\b`).test(url));
}

/** The path of a model call as its server has it: LiteLLM answers one with a slash at its end with a redirect to itself. */
export function withoutLastSlash(path: string): string {
  if (nameOf(path) === path) return path;
  return path.replace(/^([^?]+)\/(?=\?|$)/, '$1');
}

/**
 * Slashes and backslashes, control characters, and what needs no encoding (RFC 3986, 2.3): letters, digits, `-`,
 * `.`, `_`, `~`.
 */
const encodedForNothing = /%(?:2f|5c|[01][\da-f]|7f|2[de]|3\d|[46][1-9a-f]|[57][\da]|5f|7e)/i;

/**
 * Whether a path says exactly what it means. One with dot segments, doubled or encoded slashes, or letters that are
 * encoded, may mean another path to the server behind us than to the rules here, so no credential of ours goes out
 * with it.
 */
export function isPlainPath(url: string): boolean {
  const end = url.indexOf('?');
  const path = end < 0 ? url : url.slice(0, end);
  return (
    path.startsWith('/') && !/\/\/|\\|\/\.{1,2}(?:\/|$)|[#;]/.test(path) && !encodedForNothing.test(path)
  );
}
