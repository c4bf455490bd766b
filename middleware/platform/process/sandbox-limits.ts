/** What a command of a project may take when nothing else was agreed; values for `run`. */
export const sandboxLimits = { timeoutMs: 30_000, maxOutputLength: 65_536 } as const;
