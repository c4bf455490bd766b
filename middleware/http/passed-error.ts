import type { IncomingMessage } from 'node:http';
import { Readable, Transform, type TransformCallback } from 'node:stream';
import { withoutHeaders, type RawHeaders } from '../kernel/headers.ts';
import type { CleanWords } from '../upstreams/words/clean-words.ts';
import { cleanedError, cleanedHeaders, maxErrorBytes } from '../upstreams/words/cleaned-error.ts';
import { LongText } from '../upstreams/words/long-text.ts';

/** An answer on its way to the client. */
export interface PassedAnswer {
  readonly headers: RawHeaders;
  readonly body: Readable;
}

/** The error of an upstream without what it may not say to a client. Rejects where it breaks off before it is read. */
export async function readCleanedError(
  incoming: IncomingMessage,
  headers: RawHeaders,
  clean: CleanWords,
): Promise<PassedAnswer> {
  const read: Buffer[] = [];
  let size = 0;
  for await (const chunk of incoming.iterator({ destroyOnReturn: false })) {
    if (!Buffer.isBuffer(chunk)) continue;
    read.push(chunk);
    size += chunk.length;
    if (size > maxErrorBytes) return longError(incoming, { headers, begun: Buffer.concat(read) }, clean);
  }
  const cleaned = cleanedError({ headers, bytes: Buffer.concat(read) }, clean);
  return { headers: cleaned.headers, body: Readable.from([cleaned.bytes], { objectMode: false }) };
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
