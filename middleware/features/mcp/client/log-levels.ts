/** How grave what a server logs is, the least first. The protocol is about to do without it, but servers still say it. */
const logLevels = [
  ...(['debug', 'info', 'notice', 'warning', 'error', 'critical', 'alert', 'emergency'] as const),
];

export type LogLevel = (typeof logLevels)[number];

/** What a server logs. */
export interface LogMessage {
  readonly level: LogLevel;
  readonly data: unknown;
  readonly logger?: string | undefined;
}

/** Where a request of the newer protocol says from which level on its client wants to read. */
export const logLevelKey = 'io.modelcontextprotocol/logLevel';

/** The level of that name; `undefined` where there is none. */
export function logLevelOf(name: unknown): LogLevel | undefined {
  return logLevels.find((level) => level === name);
}

/** How grave a level is; `undefined`, which wants nothing, is over all. */
export function severityOf(level: LogLevel | undefined): number {
  return level === undefined ? logLevels.length : logLevels.indexOf(level);
}
