/** What the names of all metrics begin with. */
export const prefix = 'codex_plus_';

/** The states of circuit breakers, as gauges tell them. */
export const breakerValues = { closed: 0, 'half-open': 1, open: 2 } as const;
