import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { join } from 'node:path';
import express from 'express';
import request from 'supertest';
import { codexPlus, type CodexPlus } from '../../../middleware/codex-plus.ts';
import { collectedLog } from '../../support/collected-log.ts';
import { openRaw } from '../../support/raw-client.ts';
import { makeTestFolder } from '../../support/start-middleware.ts';
import { until } from '../../support/until.ts';

const switched = 'HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n';

let folder: string;
let upstream: Server;
/** The requests for a WebSocket that came to the upstream. */
let passed: IncomingMessage[];
let handler: CodexPlus;
let server: Server;

beforeEach(async () => {
  folder = await makeTestFolder('embedded-upgrades');
  passed = [];
  upstream = createServer((_req, res) => res.end('{"status":"healthy","data":[]}'));
  upstream.on('upgrade', (req, socket) => {
    passed.push(req);
    socket.end(`${switched}from the upstream`);
  });
  await listening(upstream);
});

afterEach(async () => {
  await handler.close();
  for (const each of [server, upstream]) {
    each.closeAllConnections();
    each.close();
  }
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
});

/** An app at `/llm` whose LiteLLM takes every upgrade. */
async function mount(options: Parameters<typeof codexPlus>[0] = { path: '/llm' }): Promise<void> {
  handler = codexPlus({
    ...options,
    settings: { litellm: { mode: 'external', url: `http://127.0.0.1:${portOf(upstream)}` } },
    env: {
      CODEX_PLUS_STATE_DIR: join(folder, 'state'),
      LITELLM_MASTER_KEY: 'sk-test-master-0123456789abcdef',
    },
    homeDir: join(folder, 'home'),
    log: collectedLog().log,
  });
  server = createServer(express().use('/llm', handler));
  await listening(server);
  await until(async () => (await request(server).get('/llm/readyz')).status === 200);
}

/** What is said on its connection until that is closed. */
async function upgrade(path: string, headers: readonly string[] = []): Promise<string> {
  const socket = await openRaw(portOf(server), {
    ...{ method: 'GET', path },
    headers: [
      ...['connection', 'Upgrade', 'upgrade', 'websocket', 'sec-websocket-version', '13'],
      ...['sec-websocket-key', 'dGhlIHNhbXBsZSBub25jZQ==', ...headers],
    ],
  });
  return Buffer.concat((await socket.toArray()) as Buffer[]).toString('latin1');
}

/** A WebSocket of the app's own, which answers with the path that it was asked at. */
function appTakes(path: string): void {
  server.on('upgrade', ({ url }, socket) => {
    if (url === path) socket.end(`${switched}from the app at ${path}`);
  });
}

describe.each(['first', 'last'])('an app whose own listener for upgrades comes %s', (order) => {
  test('keeps its own WebSockets, of which the upstream hears nothing', async () => {
    await mount();
    const llm = (): unknown => server.on('upgrade', handler.upgrade);
    if (order === 'last') llm();
    const paths = ['/ws', '/v1/realtime', '/llm', '/llm/ws', '/llm/chat', '/llmother/v1/realtime'];
    for (const path of paths) appTakes(path);
    if (order === 'first') llm();
    for (const path of paths) {
      expect(await upgrade(path, ['cookie', 'session=of-the-app'])).toBe(
        `${switched}from the app at ${path}`,
      );
    }
    expect(passed).toEqual([]);
  });

  test('finds the upgrades of the middleware as they came', async () => {
    await mount();
    const seen: IncomingMessage[] = [];
    const watch = (): unknown => server.on('upgrade', (req) => seen.push(req));
    if (order === 'first') watch();
    server.on('upgrade', handler.upgrade);
    if (order === 'last') watch();
    await upgrade('/llm/v1/realtime?model=m', ['x-of-client', 'kept']);
    expect(seen.map(({ url, headers }) => [url, headers['x-of-client'], headers.host])).toEqual([
      ['/llm/v1/realtime?model=m', 'kept', `127.0.0.1:${portOf(server)}`],
    ]);
  });
});

describe('an upgrade that is for the middleware', () => {
  test.each(['/llm', '/llm/', '/LLM'])(
    'goes to the upstream without the path %s of the app, and without the app’s cookies',
    async (path) => {
      await mount({ path });
      server.on('upgrade', handler.upgrade);
      expect(await upgrade('/llm/v1/realtime?model=m', ['cookie', 'session=of-the-app'])).toMatch(
        /^HTTP\/1\.1 101 .*from the upstream$/s,
      );
      expect(passed.map(({ url }) => url)).toEqual(['/v1/realtime?model=m']);
      expect(passed[0]?.headers.cookie).toBeUndefined();
    },
  );

  test('is answered with 426 where it asks for the Responses API, so that Codex goes on over HTTP', async () => {
    await mount();
    server.on('upgrade', handler.upgrade);
    for (const path of ['/llm/v1/responses', '/llm/responses', '/LLM/v1/responses?x=1'])
      expect(await upgrade(path)).toMatch(/^HTTP\/1\.1 426 /);
    expect(passed).toEqual([]);
  });

  test('is known below the root as well, where the app mounts it there', async () => {
    await mount({});
    server.on('upgrade', handler.upgrade);
    appTakes('/messages');
    appTakes('/chat/completions');
    expect(await upgrade('/v1/responses')).toMatch(/^HTTP\/1\.1 426 /);
    expect(await upgrade('/v1/realtime')).toContain('from the upstream');
    for (const path of ['/messages', '/chat/completions'])
      expect(await upgrade(path)).toBe(`${switched}from the app at ${path}`);
    expect(passed.map(({ url }) => url)).toEqual(['/v1/realtime']);
  });
});

describe('an upgrade that is for nobody', () => {
  test('is refused in words where no other listener could take it', async () => {
    await mount();
    server.on('upgrade', handler.upgrade);
    for (const path of ['/ws', '/v1/responses', '/llm'])
      expect(await upgrade(path)).toMatch(/^HTTP\/1\.1 426 .*the WebSockets of codexPlus\(\) are below/s);
    expect(passed).toEqual([]);
  });

  test('ends nothing but itself where its client breaks off', async () => {
    await mount();
    server.on('upgrade', handler.upgrade);
    const connected = once(server, 'connection');
    const socket = await openRaw(portOf(server), {
      ...{ method: 'GET', path: '/ws', headers: ['connection', 'Upgrade', 'upgrade', 'websocket'] },
    });
    const [accepted] = (await connected) as [Socket];
    // It is refused now, and not closed before the client has read why.
    await once(socket, 'readable');
    // `once` of node:events would listen for the error as well.
    const closed = new Promise((resolve) => accepted.once('close', resolve));
    accepted.destroy(new Error('read ECONNRESET'));
    await closed;
    socket.destroy();
    expect((await request(server).get('/llm/version')).status).toBe(200);
  });

  test('is left to a listener of the app’s that asks the middleware first', async () => {
    await mount();
    server.on('upgrade', (req, socket, head) => {
      if (!handler.upgrade(req, socket, head)) socket.end(`${switched}from the app`);
    });
    expect(await upgrade('/ws')).toContain('from the app');
    expect(await upgrade('/llm/v1/realtime')).toContain('from the upstream');
    expect(passed.map(({ url }) => url)).toEqual(['/v1/realtime']);
  });
});

async function listening(of: Server): Promise<void> {
  of.listen(0, '127.0.0.1');
  await once(of, 'listening');
}

function portOf(of: Server): number {
  return (of.address() as AddressInfo).port;
}
