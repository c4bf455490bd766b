/** What the helper is told. */
export type ToHelper =
  | { readonly kind: 'start' }
  /** All streams of a shell have come. */
  | { readonly kind: 'received'; readonly pid: number };

/** What it tells. */
export type FromHelper =
  /** With the socket of one of the standard streams: 0, 1 or 2. */
  | { readonly kind: 'stream'; readonly pid: number; readonly stream: number }
  /** The helper has let go of its streams: what comes through them is whole. */
  | { readonly kind: 'ready'; readonly pid: number }
  | { readonly kind: 'failed' }
  | {
      readonly kind: 'exit';
      readonly pid: number;
      readonly exitCode: number | null;
      readonly signal: NodeJS.Signals | null;
    };
