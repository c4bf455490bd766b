import { describe, expect, test } from '@jest/globals';
import { AnswerParser } from '../../../middleware/upstreams/transport/http1/answer-parser.ts';

/** What is read of the pieces, where the answer ended in the last one, and why it broke. */
function read(pieces: readonly Buffer[], method = 'POST'): unknown {
  const bodies: Buffer[] = [];
  let head: unknown;
  const parser = new AnswerParser({
    head: ({ status, statusMessage, headers }) => {
      head = { status, statusMessage, headers };
    },
    data: (piece) => {
      bodies.push(piece);
      return true;
    },
  });
  parser.begin(method);
  let end = -1;
  let broken: unknown;
  try {
    for (const piece of pieces) end = end < 0 ? parser.feed(piece) : end;
  } catch (error) {
    broken = (error as { code?: string }).code ?? String(error);
  }
  const body = Buffer.concat(bodies).toString('latin1');
  const isWhole = end >= 0 || parser.endsWithConnection;
  return broken === undefined ? { head, body, isWhole } : { broken };
}

const bytes = (text: string): Buffer => Buffer.from(text, 'latin1');

const chunked = 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n';
const whole: readonly (readonly [string, string, unknown])[] = [
  [
    'a body with a length',
    'HTTP/1.1 200 OK\r\nContent-Length: 5\r\nX-A:  b c \t\r\n\r\nhello',
    { status: 200, statusMessage: 'OK', headers: ['Content-Length', '5', 'X-A', 'b c'], body: 'hello' },
  ],
  [
    'a body in chunks, with extensions and trailers',
    `${chunked}5;a=b\r\nhello\r\n00A;c="d;\\"e"\r\n\r\n\r\n\r\n0\r\n0\r\n0;x\r\nx-sum: 1\r\nx-y:\r\n\r\n`,
    {
      ...{ status: 200, statusMessage: 'OK', headers: ['transfer-encoding', 'chunked'] },
      body: 'hello\r\n\r\n\r\n0\r\n0',
    },
  ],
  [
    'interim answers before the one that counts',
    'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\nHTTP/1.1 404\r\ncontent-length: 0\r\n\r\n',
    { status: 404, statusMessage: '', headers: ['content-length', '0'], body: '' },
  ],
  [
    'no body, whatever is said of it',
    'HTTP/1.1 304 Not Modified\r\ncontent-length: 100\r\n\r\n',
    { status: 304, statusMessage: 'Not Modified', headers: ['content-length', '100'], body: '' },
  ],
  [
    'a body up to the end of the connection',
    'HTTP/1.0 500 \xe4\r\n\r\nHTTP/1.1 200 OK\r\n\r\n',
    { status: 500, statusMessage: '\xe4', headers: [], body: 'HTTP/1.1 200 OK\r\n\r\n' },
  ],
];

for (const [what, text, { body, ...head }] of whole as [string, string, Record<string, unknown>][]) {
  test(`${what} is read alike wherever it is cut`, () => {
    const all = bytes(text);
    const expected = { head, body, isWhole: true };
    expect(read([all])).toEqual(expected);
    expect(read(Array.from(all, (_, at) => all.subarray(at, at + 1)))).toEqual(expected);
    for (let at = 1; at < all.length; at += 1)
      expect(read([all.subarray(0, at), all.subarray(at)])).toEqual(expected);
  });
}

test('an answer is whole at its end and not before, and what stands behind it is none of it', () => {
  for (const [, text] of whole.slice(0, 4)) {
    const all = bytes(text);
    expect(read([all.subarray(0, -1)])).toMatchObject({ isWhole: false });
    const pieces: Buffer[] = [];
    const parser = new AnswerParser({ head: () => undefined, data: (piece) => pieces.push(piece) > 0 });
    parser.begin('POST');
    expect(parser.feed(Buffer.concat([all, bytes('HTTP/1.1 200 OK\r\n\r\nno')]))).toBe(all.length);
    expect(Buffer.concat(pieces).toString()).not.toContain('no');
  }
});

test('an answer to HEAD has no body', () => {
  expect(read([bytes('HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\n')], 'HEAD')).toMatchObject({
    isWhole: true,
  });
});

const head = (lines: string): string => `HTTP/1.1 200 OK\r\n${lines}\r\n\r\nhello`;
const overflow = 'HPE_HEADER_OVERFLOW';
const refused: readonly (readonly [string, string, string])[] = [
  ['two lengths', head('content-length: 5\r\ncontent-length: 6'), 'HPE_UNEXPECTED_CONTENT_LENGTH'],
  ['the same length twice', head('content-length: 5\r\nContent-Length: 5'), 'HPE_UNEXPECTED_CONTENT_LENGTH'],
  ['two lengths in one', head('content-length: 5, 5'), 'HPE_INVALID_CONTENT_LENGTH'],
  ['a length with a sign', head('content-length: +5'), 'HPE_INVALID_CONTENT_LENGTH'],
  ['a length without digits', head('content-length:'), 'HPE_INVALID_CONTENT_LENGTH'],
  [
    'a length that is no number of bytes',
    head(`content-length: ${'9'.repeat(17)}`),
    'HPE_INVALID_CONTENT_LENGTH',
  ],
  [
    'a length and chunks',
    head('content-length: 5\r\ntransfer-encoding: chunked'),
    'HPE_INVALID_TRANSFER_ENCODING',
  ],
  [
    'chunks and a length',
    head('transfer-encoding: chunked\r\ncontent-length: 5'),
    'HPE_INVALID_TRANSFER_ENCODING',
  ],
  ['another coding', head('transfer-encoding: gzip, chunked'), 'HPE_INVALID_TRANSFER_ENCODING'],
  ['a coding behind a tab', head('transfer-encoding: chunked\t'), 'HPE_INVALID_TRANSFER_ENCODING'],
  [
    'chunks twice',
    head('transfer-encoding: chunked\r\ntransfer-encoding: chunked'),
    'HPE_INVALID_TRANSFER_ENCODING',
  ],
  ['a line that goes on', head('a: b\r\n c'), 'HPE_INVALID_HEADER_TOKEN'],
  ['a space before a colon', head('a : b'), 'HPE_INVALID_HEADER_TOKEN'],
  ['a line without a colon', head('a'), 'HPE_INVALID_HEADER_TOKEN'],
  ['a header without a name', head(': b'), 'HPE_INVALID_HEADER_TOKEN'],
  ['a NUL in a value', head('a: b\0c'), 'HPE_INVALID_HEADER_TOKEN'],
  ['a CR alone', head('a: b\rc: d'), 'HPE_INVALID_HEADER_TOKEN'],
  ['a LF alone', head('a: b\nc: d'), 'HPE_CR_EXPECTED'],
  ['a status line with a LF alone', 'HTTP/1.1 200 OK\n\r\n', 'HPE_CR_EXPECTED'],
  ['a status below 100', 'HTTP/1.1 099 No\r\n\r\n', 'HPE_INVALID_CONSTANT'],
  ['a status of four digits', 'HTTP/1.1 2000 No\r\n\r\n', 'HPE_INVALID_CONSTANT'],
  ['another version', 'HTTP/2.0 200 OK\r\n\r\n', 'HPE_INVALID_CONSTANT'],
  ['a line break in a reason', 'HTTP/1.1 200 O\rK\r\n\r\n', 'HPE_INVALID_CONSTANT'],
  ['another protocol, before its line ends', 'SSH-2.0', 'HPE_INVALID_CONSTANT'],
  ['an empty line before the status', '\r\nHTTP/1.1 200 OK\r\n\r\n', 'HPE_INVALID_CONSTANT'],
  [
    'an interim answer that is the last',
    'HTTP/1.1 103 Hints\r\nconnection: close\r\n\r\n',
    'HPE_CLOSED_CONNECTION',
  ],
  ['headers as long as undici refuses them', head(`a: ${'b'.repeat(16_383)}`), overflow],
  ['many headers', head(Array.from({ length: 9_000 }, () => 'a: b').join('\r\n')), overflow],
  ['a line without end', `HTTP/1.1 200 OK\r\na: ${'b'.repeat(20_000)}`, overflow],
  ['a chunk without a size', `${chunked}\r\n`, 'HPE_INVALID_CHUNK_SIZE'],
  ['a size with a sign', `${chunked}-5\r\nhello\r\n`, 'HPE_INVALID_CHUNK_SIZE'],
  ['a size with a space', `${chunked}5 \r\nhello\r\n`, 'HPE_INVALID_CHUNK_SIZE'],
  ['a size that is no number of bytes', `${chunked}${'f'.repeat(16)}\r\n`, 'HPE_INVALID_CHUNK_SIZE'],
  ['a size with a LF alone', `${chunked}5\nhello\r\n`, 'HPE_INVALID_CHUNK_SIZE'],
  ['a chunk longer than its size', `${chunked}5\r\nhello!\r\n`, 'HPE_STRICT'],
  ['an extension with a space', `${chunked}5; a=b\r\nhello\r\n`, 'HPE_STRICT'],
  ['extensions without end', `${chunked}5;${'a'.repeat(20_000)}`, overflow],
  ['extensions of many chunks', chunked + `1;${'a'.repeat(200)}\r\nb\r\n`.repeat(100), overflow],
  ['a trailer without a colon', `${chunked}0\r\na\r\n\r\n`, 'HPE_INVALID_HEADER_TOKEN'],
  ['a length in a trailer', `${chunked}0\r\ncontent-length: 5\r\n\r\n`, 'HPE_UNEXPECTED_CONTENT_LENGTH'],
  ['trailers without end', `${chunked}0\r\n${`a: ${'b'.repeat(100)}\r\n`.repeat(200)}`, overflow],
];

describe('refused is', () => {
  test.each(refused)('%s', (_what, text, code) => {
    const all = bytes(text);
    expect(read([all])).toEqual({ broken: code });
    expect(read(Array.from(all, (_, at) => all.subarray(at, at + 1)))).toEqual({ broken: code });
  });
});

test('a switch to another protocol that nobody asked for is none', () => {
  const text = 'HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n';
  expect(read([bytes(text)])).toEqual({ broken: 'Error: it switched to another protocol' });
});
