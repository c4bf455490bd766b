import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { brotliDecompressSync, gunzipSync, zstdDecompressSync } from 'node:zlib';
import { framed } from '../framed.ts';
import { findViolations } from './invariants.ts';
import { chat, messages, responses, type Shape } from './shapes.ts';
import { says, type Step } from './step.ts';

/** A request as it came in, byte for byte. */
export interface Seen {
  readonly method: string;
  readonly url: string;
  readonly rawHeaders: readonly string[];
  readonly raw: Buffer;
  /** The decoded JSON; `undefined` when the body is empty or no JSON. */
  readonly json: Readonly<Record<string, unknown>> | undefined;
  /** Resolves when the connection of the answer is closed; `true` if that was before the answer's end. */
  readonly closed: Promise<boolean>;
}

export type Script = (seen: Seen, index: number) => Step;

/** A scripted provider on a real socket. */
export interface FakeUpstream {
  readonly url: string;
  readonly port: number;
  /** The model calls that came in; probes and lists of models are not among them. */
  readonly requests: readonly Seen[];
  /** What was wrong with the tool calls and outputs of the requests. */
  readonly violations: readonly string[];
  readonly use: (script: Script) => void;
  /** What it tells of its deployments where it is asked as a LiteLLM: `GET /model/info`. */
  readonly deploys: (entries: readonly object[]) => void;
  /** How often it was asked for that. */
  readonly askedForDeployments: () => number;
  /** Drops the requests so far, for tests that watch the memory. */
  readonly forget: () => void;
  readonly openSockets: () => number;
  readonly close: () => Promise<void>;
}

const shapes: readonly (readonly [RegExp, Shape])[] = [
  [/\/responses(?:\/compact)?$/, responses],
  [/\/chat\/completions$/, chat],
  [/\/messages$/, messages],
];

/**
 * Starts a provider that follows the script; without one it says hello. Steps of a list are used in order, the last
 * one for ever.
 */
export async function startFakeUpstream(
  script: Script | readonly Step[] = [says('hello')],
  port = 0,
): Promise<FakeUpstream> {
  let current = typeof script === 'function' ? script : inOrder(script);
  const requests: Seen[] = [];
  const violations: string[] = [];
  let deployments: readonly object[] = [];
  let asked = 0;
  const sockets = new Set<Socket>();
  const server = createServer({ keepAliveTimeout: 60_000 }, (req, res) => {
    void (async () => {
      const seen = await see(req, res);
      const shape = shapes.find(([path]) => path.test(pathOf(seen)))?.[1];
      if (req.method !== 'POST' || shape === undefined) {
        if (pathOf(seen).endsWith('/model/info')) asked += 1;
        other(seen, res, deployments);
        return;
      }
      violations.push(...findViolations(seen.json));
      const index = requests.push(seen) - 1;
      await play(current(seen, index), seen, shape, res);
    })();
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${address.port}`,
    port: address.port,
    requests,
    violations,
    use: (next) => {
      current = next;
    },
    deploys: (entries) => {
      deployments = entries;
    },
    askedForDeployments: () => asked,
    forget: () => {
      requests.length = 0;
    },
    openSockets: () => sockets.size,
    close: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

function inOrder(steps: readonly Step[]): Script {
  return (_seen, index) => steps[Math.min(index, steps.length - 1)] ?? says('hello');
}

async function see(req: IncomingMessage, res: ServerResponse): Promise<Seen> {
  const closed = new Promise<boolean>((resolve) => {
    res.once('close', () => {
      resolve(!res.writableFinished);
    });
  });
  const chunks: Buffer[] = [];
  for await (const chunk of req) chunks.push(chunk as Buffer);
  const raw = Buffer.concat(chunks);
  return {
    method: req.method ?? '',
    url: req.url ?? '',
    rawHeaders: req.rawHeaders,
    raw,
    json: parse(decode(raw, req.headers['content-encoding'])),
    closed,
  };
}

function pathOf({ url }: Seen): string {
  return url.split('?')[0] ?? '';
}

function other(seen: Seen, res: ServerResponse, deployments: readonly object[]): void {
  const path = pathOf(seen);
  if (/\/health\/(?:liveliness|readiness)$/.test(path)) sendJson(res, 200, { status: 'healthy' });
  else if (path.endsWith('/models'))
    sendJson(res, 200, { object: 'list', data: [{ id: 'gpt-5', object: 'model' }] });
  else if (path.endsWith('/model/info') && deployments.length > 0) sendJson(res, 200, { data: deployments });
  else
    sendJson(res, 200, {
      method: seen.method,
      url: seen.url,
      rawHeaders: seen.rawHeaders,
      body: seen.raw.toString(),
    });
}

function sendJson(res: ServerResponse, status: number, body: unknown): void {
  const bytes = Buffer.from(JSON.stringify(body));
  res.writeHead(status, { 'content-type': 'application/json', 'content-length': bytes.length });
  res.end(bytes);
}

async function play(step: Step, seen: Seen, shape: Shape, res: ServerResponse): Promise<void> {
  if (step.kind === 'hang') return;
  if (step.kind === 'reset') {
    res.socket?.resetAndDestroy();
    return;
  }
  if (step.kind === 'answer') {
    playAnswer(step, seen, shape, res);
    return;
  }
  await playBytes(step, res);
}

async function playBytes(step: Extract<Step, { kind: 'bytes' }>, res: ServerResponse): Promise<void> {
  res.writeHead(step.status ?? 200, step.headers as string[]);
  for (const [index, piece] of step.pieces.entries()) {
    if (index > 0 && step.pauseMs !== undefined) await sleep(step.pauseMs);
    if (res.destroyed) return;
    if (!res.write(piece)) await drained(res);
  }
  if (step.then === 'silence') res.flushHeaders();
  else if (step.then === 'reset') res.write('', () => res.socket?.resetAndDestroy());
  else res.end();
}

/** Resolves when the reader caught up or left. */
function drained(res: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      res.off('drain', done).off('close', done);
      resolve();
    };
    res.on('drain', done).on('close', done);
  });
}

function playAnswer(
  step: Extract<Step, { kind: 'answer' }>,
  seen: Seen,
  shape: Shape,
  res: ServerResponse,
): void {
  const model = typeof seen.json?.['model'] === 'string' ? seen.json['model'] : 'scripted';
  if (seen.json?.['stream'] !== true) {
    for (const [name, value] of Object.entries(step.headers ?? {})) res.setHeader(name, value);
    sendJson(res, 200, shape.json(model, step.items, step.turn ?? 0));
    return;
  }
  res.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', ...step.headers });
  for (const frame of framed(shape.events(model, step.items, step.turn ?? 0))) {
    res.write(frame);
  }
  res.end();
}

/** What cannot be decoded stays as it is: nothing is decoded on the way of what is passed through. */
function decode(raw: Buffer, encoding: string | undefined): Buffer {
  try {
    if (encoding === 'zstd') return zstdDecompressSync(raw);
    if (encoding === 'gzip') return gunzipSync(raw);
    if (encoding === 'br') return brotliDecompressSync(raw);
  } catch {
    return raw;
  }
  return raw;
}

function parse(text: Buffer): Readonly<Record<string, unknown>> | undefined {
  try {
    return JSON.parse(text.toString()) as Readonly<Record<string, unknown>>;
  } catch {
    return undefined;
  }
}
