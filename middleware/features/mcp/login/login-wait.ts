/** How long a login waits for its user, in milliseconds. */
export const loginWaitMs = 600_000;
