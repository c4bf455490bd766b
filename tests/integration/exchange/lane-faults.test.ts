import { afterEach, describe, expect, test } from '@jest/globals';
import type { AnswerFilter } from '../../../middleware/kernel/answer-filter.ts';
import type { ByteStream } from '../../../middleware/kernel/byte-stream.ts';
import type { UpstreamAnswer } from '../../../middleware/kernel/upstream.ts';
import { currentOwner } from '../../../middleware/platform/process/request-owner.ts';
import {
  answered,
  body,
  chunk,
  done,
  startLane as start,
  streamOf,
  type LaneParts,
} from '../../support/made-up-lane.ts';
import { headerOf, openRaw } from '../../support/raw-client.ts';
import { until } from '../../support/until.ts';

let close: (() => Promise<void>) | undefined;

async function startLane(parts: LaneParts): ReturnType<typeof start> {
  const lane = await start(parts);
  close = lane.close;
  return lane;
}

afterEach(async () => {
  await close?.();
  close = undefined;
});

function fail(): never {
  throw new Error('made to fail');
}

const passing: AnswerFilter = {
  name: 'passing',
  wants: () => true,
  events: (frames) => frames,
  json: (answer) => answer,
};

/** A source of which one method fails. */
function failingStream(method: 'deliver' | 'resume' | 'cancel'): ByteStream {
  const stream = streamOf(chunk, done);
  stream.finish();
  return {
    deliver:
      method === 'deliver'
        ? fail
        : (sink) => {
            stream.deliver(sink);
          },
    resume:
      method === 'resume'
        ? fail
        : () => {
            stream.resume();
          },
    cancel:
      method === 'cancel'
        ? fail
        : () => {
            stream.cancel();
          },
    [Symbol.asyncIterator]: () => stream[Symbol.asyncIterator](),
  };
}

const json = streamless('{"choices":[]}');

function streamless(text: string): () => Promise<UpstreamAnswer> {
  return () => {
    const stream = streamOf(text);
    stream.finish();
    return Promise.resolve(answered(stream, { headers: ['content-type', 'application/json'] }));
  };
}

const beforeTheAnswer: readonly (readonly [string, LaneParts])[] = [
  ['a stage throws', { stages: [{ name: 's', run: fail }] }],
  ['a stage rejects', { stages: [{ name: 's', run: () => Promise.reject(new Error('made to fail')) }] }],
  ['a filter cannot say whether it wants an answer', { filters: [{ ...passing, wants: fail }] }],
  ['a filter throws on a JSON answer', { filters: [{ ...passing, json: fail }], send: json }],
  ['a filter throws on the frames as a whole', { filters: [{ ...passing, events: fail }] }],
  ['the transport throws', { send: fail }],
  ['the transport rejects', { send: () => Promise.reject(new Error('made to fail')) }],
];

describe('a fault of our own', () => {
  for (const [what, parts] of beforeTheAnswer) {
    test(`${what}: that call gets a 500, one line has its id, and the next call is served [PX-4]`, async () => {
      let isFirst = true;
      const lane = await startLane({
        ...parts,
        stages: (parts.stages ?? []).map((stage) => ({
          ...stage,
          run: (exchange) => (isFirst ? stage.run(exchange) : exchange),
        })),
      });
      const answer = await lane.call();
      isFirst = false;
      expect(answer.status).toBe(500);
      expect(JSON.parse(answer.body.toString())).toMatchObject({ error: { code: 'internal' } });
      await until(() => lane.outcomes.length === 1);
      const id = lane.outcomes[0]?.exchange.id;
      expect(lane.outcomes[0]).toMatchObject({ status: 500, error: { code: 'internal' } });
      expect(lane.lines.filter(({ level }) => level === 'error')).toMatchObject([{ id }]);
      expect(lane.running()).toBe(0);
      if (parts.stages !== undefined) expect((await lane.call()).status).toBe(200);
    });
  }

  test('a filter throws in the middle of a stream: it ends with the error frame of its API [PX-4]', async () => {
    const lane = await startLane({
      filters: [
        {
          ...passing,
          events: async function* (frames) {
            for await (const frame of frames) {
              yield frame;
              fail();
            }
          },
        },
      ],
    });
    const { status, body: text } = await lane.call();
    expect(status).toBe(200);
    expect(text.toString().startsWith(chunk)).toBe(true);
    expect(text.toString()).toContain('"code":"internal"');
    await until(() => lane.outcomes.length === 1);
    expect(lane.outcomes[0]).toMatchObject({ ending: 'ended-here', error: { code: 'internal' } });
  });

  for (const method of ['deliver', 'resume', 'cancel'] as const) {
    test(`a source whose ${method} throws ends its own call at most [PX-4]`, async () => {
      const lane = await startLane({ send: () => Promise.resolve(answered(failingStream(method))) });
      await lane.call();
      await until(() => lane.outcomes.length === 1);
      expect(lane.running()).toBe(0);
    });
  }

  test('a reader that throws at an answer going by breaks the connection of that answer', async () => {
    const lane = await startLane({
      send: () => {
        const stream = streamOf();
        // Not a buffer: what the writer is given is wrong.
        setImmediate(() => {
          stream.push(7 as unknown as Buffer);
        });
        return Promise.resolve(answered(stream));
      },
    });
    const answer = await lane.call();
    expect(answer.isWhole).toBe(false);
    await until(() => lane.outcomes.length === 1);
    expect(lane.outcomes[0]).toMatchObject({ ending: 'ended-here', error: { code: 'internal' } });
  });

  test('observers that throw or reject are told in the log, and the others see the call', async () => {
    const lane = await startLane({
      observers: [
        { name: 'throws', finished: fail },
        { name: 'rejects', finished: () => Promise.reject(new Error('made to fail')) },
      ],
    });
    expect((await lane.call()).status).toBe(200);
    await until(() => lane.lines.length === 2);
    expect(lane.lines.map(({ observer }) => observer)).toEqual(['throws', 'rejects']);
    expect(lane.outcomes).toHaveLength(1);
  });

  test('what an observer leaves running belongs to its call, and a fault of it ends nothing else', async () => {
    const owners: (string | undefined)[] = [];
    const lane = await startLane({
      observers: [
        {
          name: 'looks later',
          finished: () => {
            setImmediate(() => owners.push(currentOwner()?.id));
          },
        },
      ],
    });
    await lane.call();
    await until(() => owners.length === 1);
    expect(owners).toEqual([lane.outcomes[0]?.exchange.id]);
  });

  test('a fault outside of the boundary of its lane is told with the id that its client got', async () => {
    const lane = await startLane({
      activity: { requestBegan: fail, requestEnded: () => undefined },
    });
    const answer = await lane.call();
    const id = headerOf(answer.headers, 'x-request-id');
    expect([answer.status, id]).toEqual([500, expect.stringMatching(/^[0-9a-f-]{36}$/)]);
    expect(lane.lines).toMatchObject([{ level: 'error', id }]);
  });

  for (const [what, head] of [
    ['a reason phrase that cannot be sent', { statusMessage: '日本\u0001' }],
    [
      'a header value that cannot be sent',
      { headers: ['content-type', 'text/event-stream', 'x-a', 'b\u0001', 'x-b', 'c'] },
    ],
    [
      'a header name that cannot be sent',
      { headers: ['content-type', 'text/event-stream', 'x a', 'b', 'x-b', 'c'] },
    ],
    [
      'a trailer without chunks',
      { headers: ['content-type', 'text/event-stream', 'trailer', 'x', 'content-length', '75'] },
    ],
  ] as const) {
    test(`${what} is left out, and the answer is served [PX-4]`, async () => {
      const lane = await startLane({
        send: () => {
          const stream = streamOf(chunk, done);
          stream.finish();
          return Promise.resolve(answered(stream, head));
        },
      });
      const { status, body: text } = await lane.call();
      expect([status, text.toString()]).toEqual([200, chunk + done]);
    });
  }

  for (const status of [0, 99, 101, 1000]) {
    test(`the status ${status} of an upstream is a 502`, async () => {
      const lane = await startLane({ send: () => Promise.resolve(answered(streamOf(), { status })) });
      const answer = await lane.call();
      expect(answer.status).toBe(502);
      await until(() => lane.outcomes.length === 1);
      expect(lane.outcomes[0]).toMatchObject({ status: 502, error: { code: 'upstream_unreadable' } });
    });
  }
});

describe('a call that is ended from outside', () => {
  test('ends with the error in its stream, where that is being written', async () => {
    const lane = await startLane({
      send: (signal) => {
        const stream = streamOf(chunk);
        signal.addEventListener('abort', () => {
          stream.break(signal.reason as Error);
        });
        const owner = currentOwner();
        setImmediate(() => owner?.end(new Error('made to fail')));
        return Promise.resolve(answered(stream));
      },
    });
    const { body: text } = await lane.call();
    expect(text.toString()).toContain('"code":"internal"');
  });

  test('gets its error although its upstream hears nothing', async () => {
    const lane = await startLane({
      send: () => {
        const owner = currentOwner();
        setImmediate(() => owner?.end(new Error('made to fail')));
        return new Promise(() => undefined);
      },
    });
    expect((await lane.call()).status).toBe(500);
  });
});

describe('a client that leaves before the head', () => {
  test('is an ending of its own: 499, no error, no line that something failed', async () => {
    const begun = Promise.withResolvers<undefined>();
    const lane = await startLane({
      send: (signal) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => {
            reject(signal.reason as Error);
          });
          begun.resolve(undefined);
        }),
    });
    const socket = await openRaw(lane.port, { path: '/v1/responses', body });
    await begun.promise;
    socket.destroy();
    await until(() => lane.outcomes.length === 1);
    expect(lane.outcomes[0]).toMatchObject({ status: 499, ending: 'client-left', error: undefined });
    expect(lane.lines).toEqual([]);
  });

  test('is the same while it still sends its request', async () => {
    const lane = await startLane({});
    const socket = await openRaw(lane.port, { path: '/v1/responses', headers: ['content-length', '900'] });
    socket.write('{"model":');
    await until(() => lane.running() === 1);
    socket.destroy();
    await until(() => lane.outcomes.length === 1);
    expect(lane.outcomes[0]).toMatchObject({ status: 499, ending: 'client-left', error: undefined });
    expect(lane.lines).toEqual([]);
  });
});
