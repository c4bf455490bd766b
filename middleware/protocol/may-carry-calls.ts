import { pathBelowRoot, withoutQuery } from './api-path.ts';
import { isCallFreeAdministration } from './call-free-administration.ts';
import { callFreePaths } from './call-free-paths.ts';

/** Those whose answers hold nothing that a client could run. */
const bodiless = /^(?:DELETE|HEAD|OPTIONS)$/;

/** LiteLLM takes any word here for a provider's name. */
const filesOfProvider = /^\/[^/]+(?=\/v1\/(?:files|batches)(?:\/|$))/;

/** What model APIs end with, whatever stands before: bridges that go by the end of a path take the rest for a name. */
const modelApi =
  /(?:\/(?:completions|responses|messages|message\/(?:send|stream)|converse(?:-stream)?|invoke(?:-with-response-stream)?)|:(?:stream)?(?:raw)?(?:generateContent|predict))$/i;

/**
 * Whether the answer to a request that we do not own may hold tool calls of a model. `pathBelow` is below the API root, as
 * `pathBelowRoot` gives it. Only what is known to hold none is passed: a path that is not known may lead to a model.
 */
export function mayCarryCalls(method: string, pathBelow: string): boolean {
  if (bodiless.test(method)) return false;
  const decoded = decodedPath(pathBelow);
  if (decoded === undefined) return true;
  const path = pathBelowRoot(decoded.replace(/(?<=.)\/$/, '').replace(filesOfProvider, ''));
  if (method === 'POST' && modelApi.test(path) && !path.startsWith('/mcp/')) return true;
  return !(isCallFreeAdministration(path) || callFreePaths.some((free) => free.test(`${method} ${path}`)));
}

/** As servers route it: decoded once. `undefined` where it cannot be, or where a second server would find more to decode. */
function decodedPath(pathBelow: string): string | undefined {
  const path = withoutQuery(pathBelow);
  if (path.includes('%25')) return undefined;
  try {
    return decodeURIComponent(path);
  } catch {
    return undefined;
  }
}
