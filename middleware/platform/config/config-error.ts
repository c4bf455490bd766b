/** One fault of the configuration: where it is, what is wrong, and what to do. */
export interface ConfigFault {
  /** The file, or `environment`. */
  readonly source: string;
  /** A JSON path such as `server.port`, or the name of a variable. */
  readonly path: string;
  readonly reason: string;
}

/** Every fault that was found, so that they can be mended in one go. Its message has a line for each. */
export class ConfigError extends Error {
  readonly faults: readonly ConfigFault[];

  constructor(faults: readonly ConfigFault[]) {
    super(
      faults
        .map(({ source, path, reason }) => `${source}: ${path === '' ? '' : `${path}: `}${reason}`)
        .join('\n'),
    );
    this.name = 'ConfigError';
    this.faults = faults;
  }
}
