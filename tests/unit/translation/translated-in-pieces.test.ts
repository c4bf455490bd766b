import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import type { JsonObject } from '../../../middleware/kernel/json-object.ts';
import { chatProvider } from '../../../middleware/protocol/apis/chat/translation/provider.ts';
import {
  eventFrame,
  objectAt,
  readEvent,
  textAt,
} from '../../../middleware/protocol/apis/common/read-event.ts';
import { messagesClient } from '../../../middleware/protocol/apis/messages/translation/client.ts';
import { messagesProvider } from '../../../middleware/protocol/apis/messages/translation/provider.ts';
import { responsesClient } from '../../../middleware/protocol/apis/responses/translation/client.ts';
import { parseFrame } from '../../../middleware/protocol/sse/sse-frame.ts';
import { translateRequest } from '../../../middleware/protocol/translation/translate-request.ts';
import type { ClientTranslation } from '../../../middleware/protocol/translation/translation-codec.ts';
import { translatedStream } from '../../../middleware/upstreams/translated/translated-stream.ts';
import { PushStream } from '../../../middleware/upstreams/transport/push-stream.ts';
import { growsLinearly } from '../../support/grows-linearly.ts';
import { claude, plainChat } from '../../support/strict/models.ts';

const nothing = (): undefined => undefined;
const limits = { maxEventBytes: 1e9, maxStreamBytes: 1e9 };
const bodies = new Map<ClientTranslation, JsonObject>([
  [responsesClient, { model: 'm', input: 'go' }],
  [messagesClient, { model: 'm', max_tokens: 9, messages: [{ role: 'user', content: 'go' }] }],
]);

interface Reading {
  readonly source: PushStream;
  readonly stream: ReturnType<typeof translatedStream>;
  readonly isHeld: () => boolean;
}

function opened(client: ClientTranslation): Reading {
  const traits = plainChat({});
  const sides = { client, provider: chatProvider };
  const { names, request } = translateRequest(bodies.get(client) ?? {}, sides, traits);
  let isHeld = false;
  const pause = (): void => {
    isHeld = true;
  };
  const resume = (): void => {
    isHeld = false;
  };
  const source = new PushStream({ pause, resume, cancel: nothing });
  const reader = chatProvider.openReader(names, traits);
  const stream = translatedStream(source, { reader, writer: client.openWriter(request, 1) }, limits);
  return { source, stream, isHeld: () => isHeld };
}

/** A stream as its client takes it, with how much came between two turns of the event loop at most. */
async function taken(
  client: ClientTranslation,
  events: readonly JsonObject[],
  { isFull = false }: { readonly isFull?: boolean } = {},
): Promise<{ readonly chunks: readonly Buffer[]; readonly mostInOneTurn: number }> {
  const { source, stream } = opened(client);
  const chunks: Buffer[] = [];
  let [inTurn, most, isOver] = [0, 0, false];
  stream.deliver({
    data: (chunk) => {
      chunks.push(chunk);
      inTurn += chunk.length;
      most = Math.max(most, inTurn);
      // As a connection whose writes are done at once has it.
      if (isFull)
        process.nextTick(() => {
          stream.resume();
        });
      return !isFull;
    },
    end: () => (isOver = true),
    fail: () => (isOver = true),
  });
  const next = (): void => {
    inTurn = 0;
    if (!isOver) setImmediate(next);
  };
  next();
  for (const event of events) source.push(eventFrame(event).raw);
  source.finish();
  while (!isOver) await nextTurn();
  return { chunks, mostInOneTurn: most };
}

const choice = (delta: JsonObject, finish_reason: string | null = null): JsonObject => ({
  choices: [{ index: 0, delta, finish_reason }],
});
const call = (index: number, args: string): JsonObject => ({
  ...{ index, id: `c${index}` },
  function: { name: 'read', arguments: args },
});
const list = <Item>(length: number, item: (index: number) => Item): readonly Item[] =>
  Array.from({ length }, (_, index) => item(index));
const inOneGo = 1024 * 1024;

describe('[RT-4] a large event of a translated stream is written in pieces', () => {
  test('one with many calls', async () => {
    const calls = choice({ tool_calls: list(8_000, (at) => call(at, '{"a":1}')) });
    const { chunks, mostInOneTurn } = await taken(responsesClient, [calls, choice({}, 'tool_calls')]);
    const done = chunks.filter((chunk) => chunk.includes('response.function_call_arguments.done'));
    expect(done).toHaveLength(8_000);
    // The last event has all of them once more, and cannot be cut.
    const last = chunks.at(-1)?.length ?? 0;
    expect(mostInOneTurn).toBeLessThan(last + inOneGo);
  });

  test('the end, behind which words and thoughts stood that came in the midst of a call', async () => {
    const { chunks, mostInOneTurn } = await taken(responsesClient, [
      choice({ tool_calls: [call(0, '{}')] }),
      ...list(4_000, (at) => choice(at % 2 === 0 ? { content: 'x' } : { reasoning_content: 'y' })),
      choice({}, 'tool_calls'),
    ]);
    expect(mostInOneTurn).toBeLessThan((chunks.at(-1)?.length ?? 0) + inOneGo);
  });

  test('for a client that takes each piece at once and says so before others have a turn', async () => {
    const events = [
      choice({ tool_calls: [call(0, '{}')] }),
      ...list(4_000, (at) => choice(at % 2 === 0 ? { content: 'x' } : { reasoning_content: 'y' })),
      choice({}, 'tool_calls'),
    ];
    const { chunks, mostInOneTurn } = await taken(responsesClient, events, { isFull: true });
    const last = chunks.at(-1)?.length ?? 0;
    expect(Buffer.concat(chunks).length - last).toBeGreaterThan(4 * inOneGo);
    expect(mostInOneTurn).toBeLessThan(last + inOneGo);
  });

  test('one with a long text, whose letters stay whole', async () => {
    const text = '🎉x'.repeat(500_000);
    const { chunks, mostInOneTurn } = await taken(messagesClient, [
      choice({ content: text }),
      choice({}, 'stop'),
    ]);
    expect(mostInOneTurn).toBeLessThan(inOneGo);
    const deltas = chunks.map((chunk) => objectAt(readEvent(parseFrame(chunk)) ?? {}, 'delta'));
    expect(deltas.map((delta) => textAt(delta, 'text')).join('')).toBe(text);
  });

  test('while its client is behind nothing more of it is written, and its source waits', async () => {
    const { source, stream, isHeld } = opened(messagesClient);
    let bytes = 0;
    const ends: string[] = [];
    stream.deliver({
      data: (chunk) => {
        bytes += chunk.length;
        return false;
      },
      end: () => ends.push('end'),
      fail: nothing,
    });
    source.push(eventFrame(choice({ content: 'x'.repeat(10_000_000) })).raw);
    await nextTurn();
    expect(bytes).toBeLessThan(100_000);
    expect(isHeld()).toBe(true);
    source.push(eventFrame(choice({}, 'stop')).raw);
    source.finish();
    for (let turn = 0; ends.length === 0 && turn < 1_000; turn += 1) {
      stream.resume();
      await nextTurn();
    }
    expect(bytes).toBeGreaterThan(10_000_000);
    expect(ends).toEqual(['end']);
  });

  test('and no more of it once its client has left', async () => {
    const { source, stream } = opened(messagesClient);
    let bytes = 0;
    stream.deliver({ data: (chunk) => ((bytes += chunk.length), true), end: nothing, fail: nothing });
    source.push(eventFrame(choice({ content: 'x'.repeat(10_000_000) })).raw);
    const before = bytes;
    stream.cancel();
    await nextTurn();
    await nextTurn();
    expect(before).toBeLessThan(inOneGo);
    expect(bytes).toBe(before);
  });
});

describe('[RT-4] the work for an answer grows with its length', () => {
  const work = (events: readonly JsonObject[]): Promise<unknown> => taken(responsesClient, events);

  test('where calls begin behind one that is long and open', async () => {
    await growsLinearly(
      (size) => [
        choice({ tool_calls: [call(0, '[')] }),
        ...list(size, (at) => choice({ tool_calls: [call(0, '"a long text",'), call(at + 1, '{')] })),
        choice({}, 'length'),
      ],
      work,
      1_000,
    );
  });

  test('where calls begin behind one whose JSON has ended and is none', async () => {
    await growsLinearly(
      (size) => [
        choice({ tool_calls: [call(0, `[${'"some text",'.repeat(size)}]`)] }),
        ...list(size, (at) => choice({ tool_calls: [call(0, ' '), call(at + 1, '{}')] })),
        choice({}, 'tool_calls'),
      ],
      work,
      1_000,
    );
  });

  test('where a reader comes late to much that waits for it', async () => {
    await growsLinearly(
      (size) => list(size, () => Buffer.from('x')),
      (chunks) => {
        const stream = new PushStream({ pause: nothing, resume: nothing, cancel: nothing });
        for (const chunk of chunks) stream.push(chunk);
        stream.deliver({ data: () => true, end: nothing, fail: nothing });
      },
      50_000,
    );
  });

  test('frames for which nothing is written have their turns as well', async () => {
    const source = new PushStream({ pause: nothing, resume: nothing, cancel: nothing });
    let read = 0;
    const count = (): readonly [] => {
      read += 1;
      return [];
    };
    const sides = { reader: { read: count, finish: () => [] }, writer: { write: () => [] } };
    const ends: string[] = [];
    translatedStream(source, sides, limits).deliver({
      data: () => true,
      end: () => ends.push('end'),
      fail: nothing,
    });
    source.push(Buffer.concat(list(4_000, () => eventFrame({ unknown: 'x'.repeat(1_000) }).raw)));
    source.finish();
    expect(read).toBeLessThan(1_000);
    while (ends.length === 0) await nextTurn();
    expect(read).toBe(4_000);
  });

  test('and many counts of a usage take no longer than their number', async () => {
    const sides = { client: responsesClient, provider: messagesProvider };
    const { names } = translateRequest(bodies.get(responsesClient) ?? {}, sides, claude({}));
    const made = (size: number): readonly JsonObject[] => [
      { type: 'message_start', message: { id: 'm', role: 'assistant', content: [] } },
      ...list(size, (at) => ({ type: 'message_delta', delta: {}, usage: { [`k${at}`]: 1 } })),
    ];
    await growsLinearly(
      made,
      (events) => {
        const reader = messagesProvider.openReader(names, claude({}));
        for (const event of events) reader.read(eventFrame(event));
        return reader.finish();
      },
      500,
    );
  });
});
