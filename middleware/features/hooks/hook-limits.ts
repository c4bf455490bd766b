/** Bytes of a hook's stdout, of its stderr or of an HTTP answer that are read. */
export const keptOutputBytes = 64 * 1024;

/** Beyond what any hook has to say; reading on would only feed a command that went wild until its time is over. */
export const floodBytes = 16 * 1024 * 1024;

/** Characters of a hook's text that reach the model; a longer one goes to a file, and the model gets its beginning. */
export const maxModelCharacters = 10_000;

/** How long a `pre_input` script may take, and a `post_output` script after the end of its text. */
export const scriptTimeoutMs = 5_000;

/** How often the model of an `agent` hook may be called. */
export const maxAgentCalls = 20;

/** How long one command of such a model may take. */
export const agentCommandTimeoutMs = 30_000;
