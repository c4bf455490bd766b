/** The variable that clients of a middleware with keys have theirs in. */
export const keyVariable = 'CODEX_PLUS_KEY';
