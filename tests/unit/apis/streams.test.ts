import { describe, expect, test } from '@jest/globals';
import type { Api } from '../../../middleware/kernel/exchange.ts';
import type { JsonObject } from '../../../middleware/kernel/json-object.ts';
import { SseCutter } from '../../../middleware/protocol/sse/sse-cutter.ts';
import { parseFrame } from '../../../middleware/protocol/sse/sse-frame.ts';
import { codecOf } from '../../../middleware/protocol/apis/codec-of.ts';
import type { RoundCodec } from '../../../middleware/protocol/apis/round-codec.ts';
import type { StreamPart, RoundReader } from '../../../middleware/protocol/apis/round.ts';
import type { CallHead } from '../../../middleware/protocol/apis/tool-call.ts';
import { chat, messages, responses, type Shape } from '../../support/fake-upstream/shapes.ts';
import type { Item } from '../../support/fake-upstream/step.ts';
import { framed } from '../../support/framed.ts';

const shapes = { responses, chat, messages } as const;
const apis = Object.keys(shapes) as readonly (keyof typeof shapes)[];

function codecFor(api: Api): RoundCodec {
  const codec = codecOf(api).rounds;
  if (codec === undefined) throw new Error(api);
  return codec;
}

/** The bytes of a real stream. */
function bytesOf(shape: Shape, items: readonly Item[]): Buffer {
  return Buffer.from(framed(shape.events('m', items, 0)).join(''));
}

/** Reads a stream that comes in chunks. */
function read(reader: RoundReader, chunks: readonly Buffer[]): readonly StreamPart[] {
  const pieces: StreamPart[] = [];
  const cutter = new SseCutter();
  for (const chunk of chunks) {
    cutter.feed(chunk, (raw) => pieces.push(...reader.read(parseFrame(raw))));
  }
  return pieces;
}

/** Writes all pieces as they are. */
function passed(codec: RoundCodec, pieces: readonly StreamPart[]): string {
  const writer = codec.openWriter();
  const frames = pieces.flatMap((piece) => {
    if (piece.kind === 'complete') return [];
    const end = { items: [], usage: undefined, hasCalls: true };
    return piece.kind === 'end' ? writer.end([piece], end) : writer.pass(piece);
  });
  return Buffer.concat(frames.map(({ raw }) => raw)).toString();
}

/** A generator of numbers that is the same in every run. */
function dice(seed: number): (sides: number) => number {
  let state = seed;
  return (sides) => {
    state = (state * 48_271) % 2_147_483_647;
    return state % sides;
  };
}

function randomItems(roll: (sides: number) => number): readonly Item[] {
  const words = ['Hello.', 'ä\u2028"\\', '\n\n', '{"type":"response.completed"}', 'x'.repeat(300)];
  return Array.from({ length: roll(5) }, (_, index): Item => {
    const callId = `c${index}`;
    const words1 = words[roll(words.length)] ?? '';
    switch (roll(4)) {
      case 0:
        return { kind: 'text', text: words1 };
      case 1:
        return { kind: 'reasoning', text: words1, seal: `seal ${index}` };
      case 2:
        return { kind: 'custom', name: 'apply_patch', input: words1, callId };
      default:
        return { kind: 'call', name: 'exec_command', arguments: { cmd: words1, n: index }, callId };
    }
  });
}

describe.each(apis)('a stream of the %s API', (api) => {
  const codec = codecFor(api);
  const shape = shapes[api];

  test('in which nothing changes is written byte for byte, held or not [HK-2] [PX-2]', () => {
    const roll = dice(7);
    for (let run = 0; run < 100; run += 1) {
      const bytes = bytesOf(shape, randomItems(roll));
      for (const holds of [true, false]) {
        const pieces = read(
          codec.openReader(() => holds),
          [bytes],
        );
        expect(passed(codec, pieces)).toBe(bytes.toString());
      }
    }
  });

  test('has the same calls and items wherever it is cut [HK-2]', () => {
    const items: readonly Item[] = [
      { kind: 'reasoning', text: 'Think ä.', seal: 'sealed' },
      { kind: 'text', text: 'I look.' },
      { kind: 'call', name: 'exec_command', arguments: { cmd: 'ls "ä"' }, callId: 'c1' },
      { kind: 'custom', name: 'apply_patch', input: '*** Begin Patch\n', callId: 'c2' },
    ];
    const bytes = bytesOf(shape, items);
    const isFunction = api === 'messages';
    for (let at = 1; at < bytes.length; at += 1) {
      const reader = codec.openReader(() => true);
      const pieces = read(reader, [bytes.subarray(0, at), bytes.subarray(at)]);
      const calls = pieces.flatMap((piece) => (piece.kind === 'complete' ? [piece.call] : []));
      expect(calls).toEqual([
        {
          ...{ kind: 'function', name: 'exec_command', namespace: undefined, callId: 'c1' },
          input: '{"cmd":"ls \\"ä\\""}',
        },
        {
          ...{ kind: isFunction ? 'function' : 'custom', name: 'apply_patch', namespace: undefined },
          ...{ callId: 'c2', input: isFunction ? '{"input":"*** Begin Patch\\n"}' : '*** Begin Patch\n' },
        },
      ]);
    }
  });

  test('says the same items and tokens as an answer that is no stream [HK-2]', () => {
    const roll = dice(11);
    for (let run = 0; run < 50; run += 1) {
      const items = randomItems(roll);
      const reader = codec.openReader(() => true);
      read(reader, [bytesOf(shape, items)]);
      const whole = codec.readAnswer(shape.json('m', items, 0) as JsonObject, () => false);
      expect(reader.items().map(({ item }) => item)).toEqual(whole.items.map(({ item }) => item));
      expect(reader.usage()).toEqual(whole.usage);
      expect(reader.chainId()).toBe(whole.chainId);
    }
  });

  test('holds a call by its tool alone, and nothing else of the answer [HK-2]', () => {
    const bytes = bytesOf(shape, [
      { kind: 'call', name: 'held', arguments: { a: 'xxxxxxxx' }, callId: 'c1' },
      { kind: 'call', name: 'free', arguments: { a: 'yyyyyyyy' }, callId: 'c2' },
    ]);
    const asked = new Set<string>();
    const holds = ({ name }: CallHead): boolean => {
      asked.add(name);
      return name === 'held';
    };
    const pieces = read(codec.openReader(holds), [bytes]);
    const held = pieces.flatMap((piece) => (piece.kind === 'held' ? [piece.frame.raw.toString()] : []));
    expect(held.join('')).toContain('xxxxxxxx'.slice(0, 3));
    // Where a name may go on, a call waits for its input to begin.
    expect(held.join('')).not.toContain(api === 'chat' ? 'yyy' : 'free');
    const complete = pieces.filter((piece) => piece.kind === 'complete');
    expect(complete.filter(({ isFree = false }) => !isFree).map(({ call }) => call.name)).toEqual(['held']);
    expect(asked).toEqual(new Set(['held', 'free']));
  });

  test('keeps what it is when a call gets another input [HK-2]', () => {
    const items: readonly Item[] = [
      { kind: 'text', text: 'I look.' },
      { kind: 'call', name: 'held', arguments: { a: 1 }, callId: 'c1' },
    ];
    const changedItems = [items[0]!, { ...items[1]!, arguments: { a: 'ä' } } as Item];
    const reader = codec.openReader(() => true);
    const pieces = read(reader, [bytesOf(shape, items)]);
    const writer = codec.openWriter();
    const held = pieces.filter((piece) => piece.kind === 'held');
    const key = held[0]?.key;
    const item = reader.items().find((found) => found.key === key)?.item ?? {};
    const changed = codec.withInput(item, '{"a":"ä"}');
    const frames = pieces.flatMap((piece) => {
      if (piece.kind === 'complete') return writer.rewrite(held, changed);
      return piece.kind === 'opening' || piece.kind === 'other' ? writer.pass(piece) : [];
    });
    const rewritten = codec.openReader(() => true);
    read(
      rewritten,
      frames.map(({ raw }) => raw),
    );
    const expected = codec.readAnswer(shape.json('m', changedItems, 0) as JsonObject, () => false);
    expect(rewritten.items().map((found) => found.item)).toEqual(expected.items.map((found) => found.item));
  });
});
