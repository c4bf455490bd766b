import { Agent, request } from 'node:http';
import { isDeepStrictEqual } from 'node:util';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { AnswerParser } from '../../../../middleware/upstreams/transport/http1/answer-parser.ts';
import { createHttp1Transport } from '../../../../middleware/upstreams/transport/http1/http1-transport.ts';
import type { Transport } from '../../../../middleware/upstreams/transport/transport.ts';
import { createUndiciTransport } from '../../../../middleware/upstreams/transport/undici-transport.ts';
import { codeOf } from '../../../../middleware/kernel/errors.ts';
import { holds } from '../../../support/fuzz.ts';
import { changedAnswer, madeAnswer } from '../../../support/made-answers.ts';
import {
  cutAt,
  startScriptedConnections,
  type ScriptedConnections,
} from '../../../support/scripted-connections.ts';
import { readAll } from '../../../support/transports.ts';

const limits = { connectMs: 5_000, headersMs: 10_000, idleMs: 10_000 };
let server: ScriptedConnections;
let own: Transport;
let undici: Transport;

beforeAll(async () => {
  server = await startScriptedConnections();
  own = createHttp1Transport(limits);
  undici = createUndiciTransport(limits);
});

afterAll(async () => {
  await Promise.all([own.close(), undici.close()]);
  await server.close();
});

/** What a client made of an answer: what it read, or that it broke, and why. */
type Outcome =
  | {
      readonly kind: 'read';
      readonly status: number;
      readonly headers: readonly string[];
      readonly body: string;
    }
  | { readonly kind: 'broken'; readonly why: string };

async function by(transport: Transport, path = '/'): Promise<Outcome> {
  try {
    const { status, headers, body } = await transport.call({
      ...{ method: 'POST', url: new URL(path, server.url), headers: [], body: Buffer.from('{}') },
      signal: new AbortController().signal,
    });
    // undici leaves white space behind a value, which is none of it (RFC 9110 §5.5).
    const values = headers.map((part) => part.replace(/[\t ]+$/, ''));
    return { kind: 'read', status, headers: values, body: (await readAll(body)).toString('latin1') };
  } catch (error) {
    const { cause } = error as Error;
    return { kind: 'broken', why: codeOf(cause) ?? String(error) };
  }
}

function byNode(): Promise<Outcome> {
  return new Promise((resolve) => {
    const broken = (error: Error): void => {
      resolve({ kind: 'broken', why: codeOf(error) ?? error.message });
    };
    const agent = new Agent({ keepAlive: false });
    const call = request(server.url, { method: 'POST', agent }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.on('error', broken);
      answer.on('end', () => {
        const { statusCode = 0, rawHeaders } = answer;
        const body = Buffer.concat(chunks).toString('latin1');
        resolve({ kind: 'read', status: statusCode, headers: rawHeaders, body });
      });
    });
    call.on('error', broken);
    call.on('upgrade', (_answer, socket) => {
      socket.destroy();
      broken(new Error('upgrade'));
    });
    call.end('{}');
  });
}

const cuts = fc.array(fc.nat(100_000), { maxLength: 5 });
const early = fc.array(fc.nat(400), { maxLength: 5 });

test('an answer is read as node:http and undici read it, wherever its bytes are cut', async () => {
  await holds([madeAnswer, cuts, early, fc.boolean()], async (made, far, near, closes) => {
    const { status, headers, body, endsWithConnection } = made;
    const pieces = cutAt(made.bytes, [...far, ...near]);
    server.use(() => ({ pieces, closes: closes || endsWithConnection }));
    const expected = { kind: 'read', status, headers, body: body.toString('latin1') };
    expect(await Promise.all([by(own), by(undici), byNode()])).toEqual([expected, expected, expected]);
  });
});

/** Where an answer ends; its length where its end is not in it, or it is none. */
function endOf(bytes: Buffer): number {
  const parser = new AnswerParser({ head: () => undefined, data: () => true });
  parser.begin('POST');
  try {
    const end = parser.feed(bytes);
    return end < 0 ? bytes.length : end;
  } catch {
    return bytes.length;
  }
}

/**
 * What both others read, and we do not: another transfer coding, another version, an empty line before the status, a reason
 * with control characters.
 */
const refusedHere = ['HPE_INVALID_TRANSFER_ENCODING', 'HPE_INVALID_CONSTANT'];

test('what is no answer for node:http and undici is none here, and none is read in another way than by them', async () => {
  const runs = 700;
  await holds(
    [changedAnswer, early],
    async (bytes, places) => {
      server.use(() => ({ pieces: cutAt(bytes, places), closes: true }));
      const mine = await by(own);
      // What stands behind an answer is none of it; the others say that it was broken, where it came together with its end.
      const answer = bytes.subarray(0, endOf(bytes));
      server.use(() => ({ pieces: cutAt(answer, places), closes: true }));
      const others = await Promise.all([by(undici), byNode()]);
      const read = others.filter(({ kind }) => kind === 'read');
      if (mine.kind === 'read') {
        expect(read).not.toEqual([]);
        for (const other of read) expect(mine).toEqual(other);
      } else if (read.length === 2 && isDeepStrictEqual(read[0], read[1]))
        expect(refusedHere).toContain(mine.why);
    },
    runs,
  );
});
