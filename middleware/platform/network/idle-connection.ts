/**
 * How long an idle connection to an upstream is kept, whoever made it. Shorter than uvicorn's 5 s, so that LiteLLM is not the first to
 * close it: a request sent at that moment would be lost.
 */
export const idleConnectionMs = 4_000;
