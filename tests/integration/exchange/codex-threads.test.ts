import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Exchange } from '../../../middleware/kernel/exchange.ts';
import type { Upstream } from '../../../middleware/kernel/upstream.ts';
import { loadConfig } from '../../../middleware/platform/config/load-config.ts';
import { removeFolder } from '../../../middleware/platform/store/remove-folder.ts';
import { TurnReader } from '../../../middleware/protocol/app-server/turn-reader.ts';
import { CallIds } from '../../../middleware/protocol/translation/call-id.ts';
import { ToolNames } from '../../../middleware/protocol/translation/tool-names.ts';
import type { CodexParts } from '../../../middleware/upstreams/codex/codex-answer.ts';
import { createCodexUpstream } from '../../../middleware/upstreams/codex/codex-upstream.ts';
import { runTurn, type TurnOptions } from '../../../middleware/upstreams/codex/run-turn.ts';
import { TurnCosts } from '../../../middleware/upstreams/codex/turn-costs.ts';
import { WorkerPool } from '../../../middleware/upstreams/codex/worker-pool.ts';
import { Worker } from '../../../middleware/upstreams/codex/worker.ts';
import { collectedLog } from '../../support/collected-log.ts';
import { rootDir } from '../../support/compose-middleware.ts';
import { exchangeWith } from '../../support/made-up-exchange.ts';
import { settledMemory } from '../../support/settled-memory.ts';
import { makeTestFolder } from '../../support/start-middleware.ts';
import { until } from '../../support/until.ts';
import { scriptedCodex } from '../../support/scripted-codex.ts';

let folder: string;
let worker: Worker;

beforeEach(async () => {
  folder = await makeTestFolder('codex-threads');
  worker = new Worker(
    {
      ...{ file: scriptedCodex, args: [], cwd: folder },
      env: { PATH: process.env['PATH'] },
    },
    { log: collectedLog().log, logsMessages: false },
  );
  await worker.untilReady(20_000);
});

afterEach(async () => {
  await worker.stop();
  await rm(folder, { recursive: true, force: true });
});

function makeFolder(): Promise<string> {
  return mkdtemp(join(folder, 'turn-'));
}

const folders = { makeFolder, removeFolder };

/** A turn in which the user says this, with what was given to its client. */
function turn(text: string, more: Partial<TurnOptions> = {}): TurnOptions & { readonly kinds: string[] } {
  const kinds: string[] = [];
  const item = { type: 'message', role: 'user', content: [{ type: 'input_text', text }] };
  return {
    ...{ model: 'gpt-5', provider: '', ...folders, runsCommands: true, kinds },
    request: { thread: {}, items: [item], turn: {} },
    reader: new TurnReader({
      ...{ names: new ToolNames([]), callIds: new CallIds([]), offered: new Set(), takesSeveral: true },
    }),
    signal: new AbortController().signal,
    onThread: () => undefined,
    onHeard: () => undefined,
    onEvents: (events) => {
      kinds.push(...events.map(({ kind }) => kind));
    },
    ...more,
  };
}

/** Codex as a model, whose one worker is the test's. */
function upstreamOf({
  costs = new TurnCosts(),
  nowSeconds = () => 0,
}: Partial<Pick<CodexParts, 'costs' | 'nowSeconds'>>): {
  readonly upstream: Upstream;
  readonly pool: WorkerPool;
} {
  const { codex, limits } = loadConfig({ rootDir, env: {}, isTerminal: false });
  const pool = new WorkerPool({
    ...{ size: 1, turnsPerWorker: 9, maxWorkerBytes: 2 ** 40, maxTurns: 9, maxStreams: 9 },
    ...{ start: () => Promise.resolve(worker), now: () => performance.now(), log: collectedLog().log },
  });
  const upstream = createCodexUpstream({
    ...{ config: codex, limits, pool, ...folders, keepaliveMs: 0, costs, nowSeconds },
    settingName: (path) => path,
  });
  return { upstream, pool };
}

function chatOf(content: string, signal = new AbortController().signal): Exchange {
  const messages = [{ role: 'user', content }];
  const exchange = exchangeWith({
    ...{ api: 'chat', signal },
    body: { model: 'codex-5', messages, stream: true },
  });
  return { ...exchange, request: { ...exchange.request, path: '/chat/completions' } };
}

/** What the other side wrote down. */
function read(name: string): string {
  const file = join(folder, name);
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
}

/** The threads that it need no longer keep. */
function over(): string {
  return read('threads.log');
}

describe('a thread is over', () => {
  test('where its client left before it was started [API-1]', async () => {
    await runTurn(worker, turn('hello', { signal: AbortSignal.abort() }));
    await until(() => over() === 'thread-1\n');
  });

  test('where its client left before its turn was asked for [API-1]', async () => {
    const left = new AbortController();
    const running = runTurn(worker, turn('hangs', { signal: left.signal }));
    await until(() => read('turns.log') === 'hangs\n');
    left.abort();
    await running;
    await until(() => over() === 'thread-1\n');
  });

  test('where Codex refuses the conversation [API-1]', async () => {
    await expect(runTurn(worker, turn('is refused'))).rejects.toThrow('no such items');
    await until(() => over() === 'thread-1\n');
  });

  test('where its permissions are others [API-1]', async () => {
    const asked = runTurn(worker, turn('hello', { model: 'of-other-permissions' }));
    await expect(asked).rejects.toThrow('does not keep to the permissions');
    await until(() => over() === 'thread-1\n');
  });
});

test('a turn that has ended is kept nowhere, however long its worker lives [API-1]', async () => {
  const run = async (): Promise<WeakRef<object>[]> => {
    const asked = turn('hello');
    await runTurn(worker, asked);
    expect(asked.kinds.at(-1)).toBe('end');
    return [new WeakRef(asked.reader), new WeakRef(asked.request.items)];
  };
  const refs = await run();
  await until(async () => {
    await settledMemory();
    return refs.every((ref) => ref.deref() === undefined);
  });
  await runTurn(worker, turn('hello'));
});

test('a worker that ends in the midst of a turn ends it with the reason [API-1]', async () => {
  const asked = turn('waits');
  const running = runTurn(worker, asked);
  await until(() => asked.kinds.includes('text'));
  await worker.kill('was ended by the test');
  await running;
  expect(asked.kinds).toEqual(['begin', 'text', 'text-end', 'failed']);
});

describe('what fails while an answer is taken', () => {
  test('fails this turn, and no other of its worker [API-1]', async () => {
    const other = turn('goes on');
    const running = runTurn(worker, other);
    await until(() => other.kinds.includes('text'));
    let taken = 0;
    const faulty = turn('hello', {
      onEvents: () => {
        taken += 1;
        throw new Error('cannot be written');
      },
    });
    await expect(runTurn(worker, faulty)).rejects.toThrow('cannot be written');
    await running;
    expect(other.kinds).toEqual(['begin', 'text', 'text-end', 'end']);
    expect(taken).toBe(1);
  });

  test('ends a stream that has begun with an error [API-1]', async () => {
    let written = 0;
    const brokenTime = {
      toJSON: () => {
        written += 1;
        if (written > 2) throw new Error('cannot be written');
        return 1;
      },
    };
    const { upstream, pool } = upstreamOf({ nowSeconds: () => brokenTime as unknown as number });
    const { body } = await upstream.send(chatOf('goes on'));
    const read = async (): Promise<void> => {
      for await (const piece of body) expect(piece.toString()).not.toContain('[DONE]');
    };
    await expect(read()).rejects.toThrow('cannot be written');
    await runTurn(worker, turn('hello'));
    await pool.close();
  });
});

test('what a turn cost is kept where nobody tells its tokens [API-2]', async () => {
  const costs = new TurnCosts();
  const left = new AbortController();
  const { upstream, pool } = upstreamOf({ costs });
  const exchange = chatOf('waits', left.signal);
  await upstream.send(exchange);
  costs.add('thread-1', 0.25);
  left.abort();
  await exchange.record.untilSettled();
  expect(exchange.record).toMatchObject({ answerUsage: undefined, answerCostUsd: 0.25 });
  await pool.close();
});
