import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { codexPlus } from '../../../middleware/codex-plus.ts';
import { openUsageLedger } from '../../../middleware/features/usage/usage-ledger.ts';
import { collectedLog } from '../../support/collected-log.ts';
import { composeMiddleware, type ComposedMiddleware } from '../../support/compose-middleware.ts';
import { makeTestFolder } from '../../support/start-middleware.ts';
import { until } from '../../support/until.ts';
import { scriptedCodex } from '../../support/scripted-codex.ts';

const completing = { CODEX_PLUS_CODEX_KILL_ON_DISCONNECT: 'false' };
const metered = { requests: 1, unmetered_requests: 0, input_tokens: 10, output_tokens: 2 };

let folder: string;
let middleware: ComposedMiddleware;
let isClosed = true;

beforeEach(async () => {
  folder = await makeTestFolder('codex-stops');
});

afterEach(async () => {
  await close();
  await rm(folder, { recursive: true, force: true });
});

async function start(env: Readonly<Record<string, string>> = {}): Promise<void> {
  isClosed = false;
  middleware = await composeMiddleware(undefined, {
    CODEX_PLUS_LITELLM_MODE: 'off',
    CODEX_PLUS_USAGE_ENABLED: 'true',
    CODEX_PLUS_CODEX_ENABLED: 'true',
    CODEX_PLUS_CODEX_PROGRAM: scriptedCodex,
    CODEX_PLUS_STATE_DIR: folder,
    ...env,
  });
}

async function close(): Promise<void> {
  if (isClosed) return;
  isClosed = true;
  await middleware.close();
}

interface Call {
  readonly content: string;
  readonly stream: boolean;
  readonly signal?: AbortSignal;
}

function call(url: string, { content, stream, ...more }: Call): Promise<Response> {
  return fetch(`${url}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'codex-5', messages: [{ role: 'user', content }], stream }),
    ...more,
  });
}

/** A call whose client reads the first of its stream and leaves. */
async function leave(content: string, url = middleware.url): Promise<void> {
  const left = new AbortController();
  const answer = await call(url, { content, stream: true, signal: left.signal });
  await answer.body?.getReader().read();
  left.abort();
  await until(() => interruptedOr(content));
}

/** What is to be ended with its client is asked to; what is completed without it goes on. */
function interruptedOr(content: string): boolean {
  return content !== 'will count' || noted(`interrupted: ${content}`);
}

/** What the other side wrote down of turns. */
function noted(what: string): boolean {
  const file = join(folder, 'codex', 'home', 'turns.log');
  return existsSync(file) && readFileSync(file, 'utf8').includes(what);
}

/** What stands in the file once everything is closed. */
function total(): unknown {
  const ledger = openUsageLedger(folder, collectedLog().log);
  const [row] = ledger?.read({ start: undefined, end: undefined, by: [] }) ?? [];
  void ledger?.close();
  return row;
}

describe('a stop behind a client that left', () => {
  test('waits for an answer that is completed without it, and counts that [API-2]', async () => {
    await start(completing);
    await leave('goes on');
    await middleware.drain(20_000);
    expect(noted('completed: goes on')).toBe(true);
    await close();
    expect(total()).toMatchObject(metered);
  });

  test('waits for such an answer within an app of its owner as well [API-2]', async () => {
    const handler = codexPlus({
      settings: {
        codex: { enabled: true, program: scriptedCodex, killOnDisconnect: false },
        ...{ litellm: { mode: 'off' }, usage: { enabled: true } },
      },
      env: { PATH: process.env['PATH'], CODEX_PLUS_STATE_DIR: folder },
      ...{ homeDir: folder, log: collectedLog().log },
    });
    const server = createServer(handler).listen(0, '127.0.0.1');
    await once(server, 'listening');
    await leave('goes on', `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    await handler.close();
    server.close();
    expect(total()).toMatchObject(metered);
  });

  test('waits for what is told of an answer that ends with it [API-2]', async () => {
    await start();
    await leave('will count');
    await middleware.drain(20_000);
    await close();
    expect(total()).toMatchObject(metered);
  });

  test('that may not wait ends Codex, and counts what ends with it [API-2]', async () => {
    await start(completing);
    await leave('waits');
    await middleware.drain(1_000);
    await close();
    expect(total()).toMatchObject({ requests: 1, unmetered_requests: 1 });
  });
});

test.each([true, false])(
  'an answer that was paid for counts where a stop ends it before its first byte; streamed: %s [API-2]',
  async (stream) => {
    await start();
    const answer = call(middleware.url, { content: 'counted', stream });
    await until(() => noted('counted'));
    await middleware.drain(0);
    expect((await answer).status).toBe(503);
    await close();
    expect(total()).toMatchObject({ ...metered, failed_requests: 1 });
  },
);
