import fc from 'fast-check';

/** An answer as a server may say it, with what a client has to read of it. */
export interface MadeAnswer {
  readonly bytes: Buffer;
  readonly status: number;
  readonly headers: readonly string[];
  readonly body: Buffer;
  /** Where its headers begin in the bytes. */
  readonly headersAt: number;
  /** Whether only the end of the connection tells its end. */
  readonly endsWithConnection: boolean;
}

const token = fc.stringMatching(/^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,12}$/);
const visible = fc.integer({ min: 0x21, max: 0xff }).filter((code) => code !== 0x7f);
const value = fc
  .array(fc.oneof({ weight: 9, arbitrary: visible }, { weight: 1, arbitrary: fc.constantFrom(0x20, 0x09) }), {
    maxLength: 20,
  })
  .map((codes) => trimmed(String.fromCharCode(...codes)));
const blank = fc.constantFrom('', ' ', '  ', '\t', ' \t ');

/** Names that mean something between two machines are not made by chance. */
const ofFraming = /^(?:content-length|transfer-encoding|connection|keep-alive|upgrade|trailer|proxy-.*)$/i;
const header = fc
  .tuple(
    fc.oneof(token, fc.constantFrom('X-Request-Id', 'set-cookie', 'content-type', 'date')),
    value,
    blank,
    blank,
  )
  .filter(([name]) => !ofFraming.test(name))
  .map(([name, text, before, after]) => ({
    pair: [name, text],
    line: `${name}:${before}${text}${after}\r\n`,
  }));

const reason = fc.oneof(
  fc.constantFrom(' OK', ' Slow Down', ' ', ''),
  value.map((text) => ` ${text}`),
);
const status = fc.constantFrom(200, 200, 201, 204, 206, 302, 304, 400, 404, 429, 500, 503, 599, 999);
const interim = fc.constantFrom(
  ...['', '', '', '', 'HTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\n', 'HTTP/1.1 102 Processing\r\n\r\n'],
);

const text = fc
  .oneof(fc.string({ maxLength: 60 }), fc.constantFrom('\r\n\r\n', '0\r\n\r\n', 'HTTP/1.1 200 OK\r\n\r\n'))
  .map((chars) => Buffer.from(chars));
const body = fc.oneof(
  text,
  fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
  fc.nat(70_000).map((length) => Buffer.alloc(length, 'abcdefg')),
);

interface Framed {
  readonly lines: string;
  readonly pairs: readonly string[];
  readonly bytes: Buffer;
}

const chunkEnd = fc.constantFrom('', '', '', ';a=b', ';a="b c"', ';x');
const trailer = fc.constantFrom('', '', 'x-sum: 1\r\n', 'a: b\r\nc: d\r\n');

/** How the body is told: by its length, in chunks, or by the end of the connection. */
const framing = fc.oneof(
  fc.record({
    kind: fc.constant('length' as const),
    name: fc.constantFrom('Content-Length', 'content-length'),
  }),
  fc.record({
    kind: fc.constant('chunks' as const),
    sizes: fc.array(fc.integer({ min: 1, max: 20_000 }), { maxLength: 6 }),
    extension: chunkEnd,
    isUpper: fc.boolean(),
    trailer,
  }),
  fc.record({ kind: fc.constant('rest' as const) }),
);
type Framing = typeof framing extends fc.Arbitrary<infer Made> ? Made : never;

function frame(bytes: Buffer, how: Framing): Framed {
  if (how.kind === 'rest') return { lines: '', pairs: [], bytes };
  if (how.kind === 'length')
    return {
      lines: `${how.name}: ${bytes.length}\r\n`,
      pairs: [how.name, String(bytes.length)],
      bytes,
    };
  const pieces: Buffer[] = [];
  let at = 0;
  for (let i = 0; at < bytes.length; i += 1) {
    const chunk = bytes.subarray(at, at + (how.sizes[i] ?? bytes.length));
    const size = how.isUpper ? chunk.length.toString(16).toUpperCase() : `0${chunk.length.toString(16)}`;
    pieces.push(Buffer.from(`${size}${how.extension}\r\n`), chunk, Buffer.from('\r\n'));
    at += chunk.length;
  }
  pieces.push(Buffer.from(`0${how.extension}\r\n${how.trailer}\r\n`));
  return {
    lines: 'Transfer-Encoding: chunked\r\n',
    pairs: ['Transfer-Encoding', 'chunked'],
    bytes: Buffer.concat(pieces),
  };
}

/** Answers that are HTTP/1.1, of every kind. */
export const madeAnswer: fc.Arbitrary<MadeAnswer> = fc
  .record({ interim, status, reason, headers: fc.array(header, { maxLength: 8 }), body, framing })
  .map((made) => {
    const hasBody = made.status !== 204 && made.status !== 304;
    const framed = hasBody
      ? frame(made.body, made.framing)
      : { lines: '', pairs: [], bytes: Buffer.alloc(0) };
    const lines = made.headers.map(({ line }) => line).join('');
    const begin = `${made.interim}HTTP/1.1 ${made.status}${made.reason}\r\n`;
    const head = `${begin}${lines}${framed.lines}\r\n`;
    return {
      bytes: Buffer.concat([Buffer.from(head, 'latin1'), framed.bytes]),
      headersAt: begin.length,
      status: made.status,
      headers: [...made.headers.flatMap(({ pair }) => pair), ...framed.pairs],
      body: hasBody ? made.body : Buffer.alloc(0),
      endsWithConnection: hasBody && made.framing.kind === 'rest',
    };
  });

/** A change that makes something else of an answer, mostly no HTTP. */
const change = fc.record({
  at: fc.nat(100_000),
  kind: fc.constantFrom('put', 'replace', 'remove', 'cut'),
  what: fc.oneof(
    fc.constantFrom(
      ...[
        '\r',
        '\n',
        '\r\n',
        ' ',
        '\t',
        ':',
        '\0',
        '\x7f',
        ';',
        '0',
        'f',
        '-',
        '+',
        ',',
        'HTTP/1.1 200 OK\r\n',
      ],
      ...['\r\ncontent-length: 3', '\r\nContent-Length:  7', '\r\ntransfer-encoding: chunked', '\r\n folded'],
      ...[
        '\r\ntransfer-encoding: gzip',
        '\r\nconnection: close',
        '\r\nx : y',
        '\r\n: y',
        '\r\nkeep-alive: timeout=5',
      ],
    ),
    fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code)),
  ),
});

/** Answers with a few bytes of them changed. The places are near to their heads and ends of lines. */
export const changedAnswer: fc.Arbitrary<Buffer> = fc
  .tuple(madeAnswer, fc.array(change, { minLength: 1, maxLength: 3 }), fc.boolean())
  .map(([{ bytes }, changes, isAtLine]) => {
    let changed = bytes.toString('latin1');
    for (const { at, kind, what } of changes) {
      const ends = isAtLine ? [...changed.matchAll(/\r\n/g)].slice(0, 40).map(({ index }) => index) : [];
      const place = ends[at % (ends.length || 1)] ?? at % Math.min(changed.length + 1, 400);
      if (kind === 'cut') changed = changed.slice(0, place);
      else {
        const isPut = kind === 'put';
        changed =
          changed.slice(0, place) + (kind === 'remove' ? '' : what) + changed.slice(place + (isPut ? 0 : 1));
      }
    }
    return Buffer.from(changed, 'latin1');
  });

function trimmed(given: string): string {
  return given.replaceAll(/^[\t ]+|[\t ]+$/g, '');
}
