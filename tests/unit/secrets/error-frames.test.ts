import { describe, expect, test } from '@jest/globals';
import { ErrorFrames } from '../../../middleware/upstreams/words/error-frames.ts';
import { growsLinearly } from '../../support/grows-linearly.ts';

const key = 'Zq7-a-key-of-a-provider';
const clean = (text: string): string => text.replaceAll(key, '[key]');

function through(pieces: readonly (string | Buffer)[]): string {
  const frames = new ErrorFrames(clean);
  const passed = pieces.map((piece) => frames.take(Buffer.from(piece)));
  return Buffer.concat([...passed, frames.rest()]).toString();
}

const delta = `data: {"choices":[{"delta":{"content":"an error: \\"error\\": {\\"message\\": \\"${key}\\"}"}}]}\n\n`;
const created = 'event: response.created\ndata: {"type":"response.created","response":{"error":null}}\n\n';

/** Each says that the answer failed, in the form of some API. */
const failures = [
  `event: error\ndata: {"type":"error","error":{"type":"api_error","message":"not ${key}"}}\n\n`,
  `data: {"error":{"message":"not ${key}","code":401}}\n\n`,
  `data: {"error": {"message": "not ${key}"}}\n\n`,
  `data: {"error":"not ${key}"}\n\n`,
  `data: {"type":"error","code":"x","message":"not ${key}"}\n\n`,
  `event: response.failed\ndata: {"type":"response.failed","response":{"status":"failed","error":{"message":"not ${key}"}}}\n\n`,
  `data: {"id":"1","choices":[],"error":{"message":"not ${key}"}}\n\n`,
  `event: error\ndata: not ${key}\n\n`,
  `data: {\ndata:  "error"  : {"message":"not ${key}"}}\n\n`,
  `data: {"error":[{"message":"not ${key}"}]}\n\n`,
  `data: {"errors":[{"message":"not ${key}"}]}\n\n`,
  `data: {"detail":"not ${key}","choices":[]}\n\n`,
  `data: {"detail":[{"type":"missing","input":"not ${key}"}]}\n\n`,
  `data: {"message":"not ${key}"}\n\n`,
  `data: [{"error":{"message":"not ${key}"}}]\n\n`,
  `data: plain words, \ndata: not ${key}\n\n`,
  `<html>not ${key}</html>\n\n`,
  `: not ${key}\n\n`,
  `event: not ${key}\n\n`,
  `data: {"type":"message_delta","delta":{"stop_reason":"not ${key}"}}\n\n`,
  `data: {"choices":[{"delta":{},"finish_reason":"not ${key}"}]}\n\n`,
  `data: {"type":"response.incomplete","response":{"incomplete_details":{"reason":"not ${key}"}}}\n\n`,
];

describe('[SEC-3] of an event stream', () => {
  test.each(failures)('a frame that says that it failed is cleaned, wherever it is cut: %s', (failure) => {
    const stream = created + delta + failure;
    const cleaned = through([stream]);
    expect(cleaned.startsWith(created + delta)).toBe(true);
    expect(cleaned.slice((created + delta).length)).toContain('not [key]');
    expect(cleaned.slice((created + delta).length)).not.toContain(key);
    for (let at = 1; at < stream.length; at += 1)
      expect(through([stream.slice(0, at), stream.slice(at)])).toBe(cleaned);
    expect(through(Array.from(stream))).toBe(cleaned);
    const withReturns = through([stream.replaceAll('\n', '\r\n')]);
    expect(withReturns.slice(withReturns.lastIndexOf('content'))).toContain('not [key]');
  });

  test('what a model says passes as it is, whatever is in it', () => {
    const called = `data: {"type":"content_block_start","content_block":{"input":{"error":{"message":"${key}"}}}}\n\n`;
    const ended = `data: {"choices":[{"delta":{"content":"${key}"},"finish_reason":"not so plain"}]}\n\n`;
    const stream = created + delta + called + ended + ': error\n\n' + 'data: [DONE]\n\n';
    expect(through([stream])).toBe(stream);
    for (let at = 1; at < stream.length; at += 1)
      expect(through([stream.slice(0, at), stream.slice(at)])).toBe(stream);
  });

  test('what breaks off within a frame is cleaned as well', () => {
    expect(through([`data: {"error":{"message":"not ${key} and`])).toBe(
      'data: {"error":{"message":"not [key] and',
    );
  });

  test('a whole frame goes on at once, and a frame that is longer than any error does not wait for its end', () => {
    const frames = new ErrorFrames(clean);
    expect(frames.take(Buffer.from(delta)).toString()).toBe(delta);
    const long = Buffer.concat([Buffer.from('data: '), Buffer.alloc(300_000, 'x')]);
    expect(frames.take(long)).toHaveLength(long.length);
    const rest = frames.take(Buffer.from(`y\n\n${failures[1] ?? ''}`)).toString();
    expect(rest.startsWith('y\n\n')).toBe(true);
  });

  test.each([
    `event: error\ndata: {"type":"error","error":{"message":"not ${key} LONG"}}\n\n`,
    `data: {"error":{"message":"LONG and not ${key}"}}\n\n`,
    `data: {"choices":[{"delta":{"content":"LONG"}}],"error":{"message":"not ${key}"}}\n\n`,
  ])('nor does a key in it when it is one, wherever it is cut: %s', (short) => {
    const stream = created + short.replace('LONG', 'x'.repeat(400_000)) + (failures[0] ?? '') + delta;
    const cleaned = stream.slice(0, -delta.length).replaceAll(key, '[key]') + delta;
    expect(through([stream])).toBe(cleaned);
    const cut = [1000, created.length + 40, 262_144, 400_300, stream.length - delta.length - 9];
    for (const at of cut) expect(through([stream.slice(0, at), stream.slice(at)])).toBe(cleaned);
    const pieces = stream.match(/[^]{1,16384}/g) ?? [];
    expect(through(pieces)).toBe(cleaned);
  });

  test('what a model says in a long frame passes as it is', () => {
    const text = `"error": {"message":"${key}"} `.repeat(20_000);
    const stream = `data: {"choices":[{"delta":{"content":${JSON.stringify(text)}}}]}\n\n${delta}`;
    expect(through(stream.match(/[^]{1,16384}/g) ?? [])).toBe(stream);
  });

  test('the work grows with its length alone', async () => {
    const pieces = (count: number): Buffer[] =>
      Array.from({ length: count }, () => Buffer.from('x"error":{'));
    await growsLinearly(pieces, (made) => through(['data: ', ...made, '\n\n']), 4_000);
  });
});
