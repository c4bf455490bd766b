/** What the fake upstream does with one request; it comes to it in the query of the path, which every target passes on. */
export interface Script {
  /** Events of a stream; 0: one JSON answer. */
  readonly events: number;
  /** Time that the model thinks before its first byte. */
  readonly firstMs: number;
  /** Time between two events; 0: all at once. */
  readonly gapMs: number;
}

/** The path of a model call with its script. */
export function scriptedPath({ events, firstMs, gapMs }: Script): string {
  return `/v1/responses?events=${events}&first=${firstMs}&gap=${gapMs}`;
}

/** The same for a gateway that makes the path of its upstream itself, below one that it is given. */
export function inPath({ events, firstMs, gapMs }: Script): string {
  return `/events=${events}&first=${firstMs}&gap=${gapMs}`;
}

/** Reads the script from a request line; `undefined` for a request without one, such as a probe. */
export function scriptOf(requestLine: string): Script | undefined {
  const [, events, firstMs, gapMs] = /[?/]events=(\d+)&first=(\d+)&gap=(\d+)/.exec(requestLine) ?? [];
  return events === undefined
    ? undefined
    : { events: Number(events), firstMs: Number(firstMs), gapMs: Number(gapMs) };
}
