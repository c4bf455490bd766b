/** Where a request can be sent. */
export type RouteKind = 'litellm' | 'chatgpt' | 'provider' | 'codex';
