export type LogFields = Readonly<Record<string, unknown>>;

/** Structured logging with secrets redacted; `child` binds fields to every line that follows. */
export interface Log {
  readonly debug: (message: string, fields?: LogFields) => void;
  readonly info: (message: string, fields?: LogFields) => void;
  /** For lines of which there are many: they may wait a moment, to go out together. An app's own log need not have it. */
  readonly infoSoon?: ((message: string, fields?: LogFields) => void) | undefined;
  readonly warn: (message: string, fields?: LogFields) => void;
  readonly error: (message: string, fields?: LogFields) => void;
  readonly child: (fields: LogFields) => Log;
}
