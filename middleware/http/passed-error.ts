import type { IncomingMessage } from 'node:http';
import { Readable, Transform, type TransformCallback } from 'node:stream';
import type { CodexPlusError } from '../kernel/errors.ts';
import { withoutHeaders, type RawHeaders } from '../kernel/headers.ts';
import { answerEncoding } from '../protocol/answer-kind.ts';
import type { CleanWords } from '../upstreams/words/clean-words.ts';
import { cleanedError, cleanedHeaders, maxErrorBytes } from '../upstreams/words/cleaned-error.ts';
import { decodedError } from '../upstreams/words/decoded-error.ts';
import { cleanedTold } from '../upstreams/words/hide-secrets.ts';
import { LongText } from '../upstreams/words/long-text.ts';

/** An answer on its way to the client. */
export interface PassedAnswer {
  readonly headers: RawHeaders;
  readonly body: Readable;
}

/** Says what a client gets of an error: one that is told anew, or else the headers under which its body goes on. */
export type TellError = (failure: {
  readonly status: number;
  readonly headers: RawHeaders;
  /** `undefined` for a body that is too long, or encoded as nobody can read it. */
  readonly text: string | undefined;
}) => Promise<{ readonly error: CodexPlusError | undefined; readonly headers: RawHeaders }>;

interface Reading {
  readonly headers: RawHeaders;
  readonly clean: CleanWords;
  readonly tell: TellError | undefined;
}

/** The error of an upstream without what it may not say to a client. Rejects where it breaks off before it is read. */
export async function readError(
  incoming: IncomingMessage,
  { headers: given, clean, tell }: Reading,
): Promise<PassedAnswer | CodexPlusError> {
  const read: Buffer[] = [];
  let size = 0;
  for await (const chunk of incoming.iterator({ destroyOnReturn: false })) {
    if (!Buffer.isBuffer(chunk)) continue;
    read.push(chunk);
    size += chunk.length;
    if (size > maxErrorBytes) {
      const { headers } = await told(incoming, { headers: given, text: undefined }, tell);
      return longError(incoming, { headers, begun: Buffer.concat(read) }, clean);
    }
  }
  const bytes = Buffer.concat(read);
  const text = decodedError(bytes, answerEncoding(given))?.toString();
  const { error, headers } = await told(incoming, { headers: given, text }, tell);
  if (error !== undefined) return cleanedTold(error, clean);
  const cleaned = cleanedError({ headers, bytes }, clean);
  return { headers: cleaned.headers, body: Readable.from([cleaned.bytes], { objectMode: false }) };
}

async function told(
  { statusCode: status = 0 }: IncomingMessage,
  failure: { readonly headers: RawHeaders; readonly text: string | undefined },
  tell: TellError | undefined,
): ReturnType<TellError> {
  return tell === undefined ? { error: undefined, headers: failure.headers } : tell({ status, ...failure });
}

const lengthHeaders = new Set(['content-length']);

function longError(
  incoming: IncomingMessage,
  { headers, begun }: { readonly headers: RawHeaders; readonly begun: Buffer },
  clean: CleanWords,
): PassedAnswer {
  const text = new LongText(clean);
  const body = new Transform({
    transform: (chunk: Buffer, _encoding, done: TransformCallback) => {
      done(null, text.take(chunk));
    },
    flush: (done: TransformCallback) => {
      done(null, text.rest());
    },
  });
  body.write(begun);
  incoming.pipe(body);
  return { headers: cleanedHeaders(withoutHeaders(headers, lengthHeaders), clean), body };
}
