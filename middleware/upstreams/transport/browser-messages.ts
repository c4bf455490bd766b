import type { RawHeaders } from '../../kernel/headers.ts';

/** A call as it goes to the process in which impit runs. */
export interface BrowserCall {
  readonly kind: 'call';
  readonly id: number;
  readonly method: string;
  readonly url: string;
  readonly headers: RawHeaders;
  readonly body: Buffer;
  readonly proxyUrl: string | undefined;
}

/** What that process is told. */
export type ToBrowser = BrowserCall | { readonly kind: 'pause' | 'resume' | 'cancel'; readonly id: number };

/** What it tells about a call: a head, chunks, and one end; or that it failed, at any point. */
export type FromBrowser =
  | {
      readonly kind: 'head';
      readonly id: number;
      readonly status: number;
      readonly statusMessage: string;
      readonly headers: RawHeaders;
    }
  | { readonly kind: 'data'; readonly id: number; readonly chunk: Buffer }
  | { readonly kind: 'end'; readonly id: number }
  | { readonly kind: 'failed'; readonly id: number; readonly reason: string };
