import { gzipSync } from 'node:zlib';

/** A request as raw bytes. `leaves`: the client goes away as soon as it has sent it. */
export interface RawRequest {
  readonly bytes: Buffer;
  readonly leaves?: boolean;
}

/** Made once: making it takes longer than all else here together. */
const bomb = gzipSync(Buffer.alloc(200_000_000));
const members = ',"api_key":"x"'.repeat(5_000);
const brackets = '['.repeat(200_000);

function post(path: string, body: string | Buffer, headers: readonly string[] = []): Buffer {
  const bytes = Buffer.from(body as string);
  const head = [`POST ${path} HTTP/1.1`, 'host: localhost', 'content-type: application/json', ...headers];
  return Buffer.concat([
    Buffer.from(`${head.join('\r\n')}\r\ncontent-length: ${bytes.length}\r\nconnection: close\r\n\r\n`),
    bytes,
  ]);
}

function prompt(words: string, session: number): string {
  return JSON.stringify({
    ...{ model: 'gpt-5', stream: true, tools: [{ type: 'function', name: 'shell' }] },
    input: [
      { type: 'message', role: 'user', content: [{ type: 'input_text', text: `session ${session}` }] },
      { type: 'message', role: 'user', content: [{ type: 'input_text', text: words }] },
    ],
  });
}

/** Requests as attackers and broken clients send them; `workspace` is a project full of traps. */
export function hostileRequests(workspace: string): Readonly<Record<string, (count: number) => RawRequest>> {
  const here = (count: number): string[] => [
    `x-codex-plus-workspace: ${workspace}`,
    `x-codex-plus-session: soak-${count}`,
  ];
  const says =
    (words: string) =>
    (count: number): RawRequest => ({ bytes: post('/v1/responses', prompt(words, count), here(count)) });
  return {
    help: says('/help'),
    command: says('/greet world'),
    shellCommand: says('/shell'),
    yes: says('y'),
    yamlBomb: says('/bomb'),
    manyArguments: says(`/many ${'x'.repeat(5_000)}`),
    fileReference: says('@~/.ssh/id_rsa @../x @/etc/passwd look'),
    leaves: (count) => ({ bytes: post('/v1/responses', prompt('hi', count)), leaves: true }),
    notJson: () => ({ bytes: post('/v1/responses', '{"model":') }),
    deepJson: () => ({ bytes: post('/v1/responses', `{"model":"gpt-5","input":${brackets}`) }),
    repeatedKeys: () => ({
      bytes: post('/v1/responses', `{"model":"gpt-5","input":"hi"${members}}`),
    }),
    gzipBomb: () => ({
      bytes: post('/v1/responses', bomb, ['content-encoding: gzip']),
    }),
    prototypeEncoding: () => ({ bytes: post('/v1/responses', '{}', ['content-encoding: __proto__']) }),
    form: () => ({
      bytes: post('/v1/responses', '{"a":"&model=x&input=EVIL&b="}', [
        'content-type: application/x-www-form-urlencoded',
      ]),
    }),
    expects: () => ({ bytes: post('/v1/files', 'x'.repeat(1_000), ['expect: 100-continue']) }),
    passes: () => ({
      bytes: Buffer.from('GET /v1/files HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n'),
    }),
    metrics: () => ({
      bytes: Buffer.from('GET /metrics HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n'),
    }),
    helpPage: () => ({
      bytes: Buffer.from('GET /help HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n'),
    }),
    upgrades: () => ({
      bytes: Buffer.from(
        'GET /v1/realtime HTTP/1.1\r\nhost: localhost\r\nconnection: upgrade\r\nupgrade: websocket\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\nsec-websocket-version: 13\r\n\r\n',
      ),
    }),
    twoHosts: () => ({
      bytes: Buffer.from(
        'GET /v1/models HTTP/1.1\r\nhost: localhost\r\nhost: evil.example\r\nconnection: close\r\n\r\n',
      ),
    }),
    noHttp: () => ({ bytes: Buffer.from('\u0016\u0003\u0001 hello\r\n\r\n') }),
    halfHead: () => ({ bytes: Buffer.from('POST /v1/responses HTTP/1.1\r\nhost: loc'), leaves: true }),
  };
}
