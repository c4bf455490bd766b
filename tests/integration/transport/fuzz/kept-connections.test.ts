import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createHttp1Transport } from '../../../../middleware/upstreams/transport/http1/http1-transport.ts';
import type { Transport } from '../../../../middleware/upstreams/transport/transport.ts';
import { holds } from '../../../support/fuzz.ts';
import { madeAnswer } from '../../../support/made-answers.ts';
import { cutAt, startScriptedConnections } from '../../../support/scripted-connections.ts';
import { piecesOf, readAll } from '../../../support/transports.ts';

const limits = { connectMs: 5_000, headersMs: 10_000, idleMs: 10_000 };

const step = fc.record({
  answer: madeAnswer,
  cuts: fc.array(fc.nat(400), { maxLength: 3 }),
  /** What its server says behind it, in one breath with its end. */
  behind: fc.constantFrom('', '', '', '\r\n', 'x', 'HTTP/1.1 200 OK\r\ncontent-length: 6\r\n\r\nforged'),
  /** What becomes of the call. */
  fate: fc.constantFrom('read', 'read', 'read', 'abort', 'abort later', 'cancel'),
  closes: fc.boolean(),
  /** Whether the next one waits for it. */
  isAwaited: fc.boolean(),
});
type Step = typeof step extends fc.Arbitrary<infer Made> ? Made : never;

/** What the server says on call number `index`: the answer with that number in it, and what is behind it. */
function bytesOf({ answer, cuts, behind }: Step, index: number): readonly Buffer[] {
  const { bytes, headersAt, endsWithConnection } = answer;
  const numbered = [
    bytes.subarray(0, headersAt),
    Buffer.from(`x-call: ${index}\r\n`),
    bytes.subarray(headersAt),
  ];
  const pieces = cutAt(Buffer.concat(numbered), cuts);
  const last = Buffer.concat([
    pieces.at(-1) ?? Buffer.alloc(0),
    Buffer.from(endsWithConnection ? '' : behind),
  ]);
  return [...pieces.slice(0, -1), last];
}

async function make(transport: Transport, url: string, { answer, fate }: Step, index: number): Promise<void> {
  const controller = new AbortController();
  const reason = new Error(`call ${index} was given up`);
  const call = transport.call({
    ...{ method: 'POST', url: new URL(`/${index}`, url), headers: [], body: Buffer.from(`${index}`) },
    signal: controller.signal,
  });
  if (fate === 'abort') {
    controller.abort(reason);
    await expect(call).rejects.toBe(reason);
    return;
  }
  const { status, headers, body } = await call;
  const { status: wanted, headers: own } = answer;
  expect([status, headers]).toEqual([wanted, ['x-call', `${index}`, ...own]]);
  if (fate === 'cancel') {
    body.cancel();
    return;
  }
  if (fate === 'abort later') {
    const pieces = piecesOf(body);
    await pieces.next();
    controller.abort(reason);
    await readAll(pieces).catch((error: unknown) => {
      expect(error).toBe(reason);
    });
    return;
  }
  expect((await readAll(body)).equals(answer.body)).toBe(true);
}

test('no call gets a byte of what was said to another one, whatever stands behind answers and whoever gives up', async () => {
  const server = await startScriptedConnections();
  const steps = fc.array(step, { minLength: 2, maxLength: 12 });
  await holds(
    [steps],
    async (made) => {
      const transport = createHttp1Transport(limits);
      server.use((head) => {
        const index = Number(/^POST \/(\d+) /.exec(head)?.[1]);
        const given = made[index];
        if (given === undefined) return { pieces: [], closes: true };
        return { pieces: bytesOf(given, index), closes: given.closes || given.answer.endsWithConnection };
      });
      const running: Promise<void>[] = [];
      for (const [index, each] of made.entries()) {
        const call = make(transport, server.url, each, index);
        running.push(call);
        if (each.isAwaited) await call;
      }
      await Promise.all(running);
      await transport.close();
    },
    150,
  );
  await server.close();
});
