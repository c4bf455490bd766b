import { pathBelowRoot } from '../protocol/api-path.ts';

/** What is answered here, besides the APIs of models: the routes of `routes/`, but for the page at `/`. */
const routes =
  /^\/(?:health|healthz|readyz|version|metrics|help|mcp|models|responses|messages|chat|completions)(?:[/?]|$)/;

/** Whether a request is for this middleware where it shares an app with others: a route of ours, or anything below `/v1`. */
export function isOurPath(url: string): boolean {
  return url.startsWith('/v1/') || routes.test(pathBelowRoot(url));
}
