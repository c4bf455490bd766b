import { pathBelowRoot } from '../protocol/api-path.ts';

/** The routes of `routes/`, but for the page at `/`, and the APIs of models; an app may have a `/chat` of its own. */
const routes =
  /^\/(?:health|healthz|readyz|version|metrics|help|mcp|models|responses|messages|chat\/completions|completions)(?:[/?]|$)/;

/** Whether a request is for this middleware where it shares an app with others: a route of ours, or anything below `/v1`. */
export function isOurPath(url: string): boolean {
  return url.startsWith('/v1/') || routes.test(pathBelowRoot(url));
}
