import { ownedApi, pathBelowRoot, withoutQuery } from '../protocol/api-path.ts';

/** The routes of `routes/`, but for the page at `/`; an app may have a `/chat` of its own. */
const routes = /^\/(?:health|healthz|readyz|version|metrics|help|mcp|models)(?:[/?]|$)/;

/**
 * Whether a request is for this middleware where it shares an app with others: a route of ours, a model call, what
 * stands below its path, or anything below `/v1`.
 */
export function isOurPath(url: string): boolean {
  if (url.startsWith('/v1/') || routes.test(pathBelowRoot(url))) return true;
  return isBelowModelCall(pathBelowRoot(url));
}

/** `/responses/resp_1` and `/messages/count_tokens` belong to the API whose path they go on from. */
function isBelowModelCall(path: string): boolean {
  const steps = withoutQuery(path).split('/');
  return steps.some((_, count) => ownedApi(steps.slice(0, count + 1).join('/')) !== undefined);
}
