/** What the doctor can do, and what it says differently on each system. */
export interface Actions {
  /** Starts the middleware in the background. */
  readonly start: () => Promise<void>;
  /** Ends the background process of Codex; running turns of its TUI end with it. */
  readonly stopDaemon: () => Promise<void>;
  /** The command that names the program on a port. */
  readonly whoListens: (port: string) => string;
}
