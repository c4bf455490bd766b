import { renameSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { makeStateDir, startCodexAsModel, type CodexAsModel } from '../support/codex-as-model.ts';
import { workerPids } from '../support/codex-workers.ts';
import { calls, says } from '../support/fake-upstream/step.ts';
import { until } from '../support/until.ts';

const stateDir = makeStateDir('codex-workers');
let codex: CodexAsModel;
let upstream: CodexAsModel['upstream'];
let middleware: CodexAsModel['middleware'];
let client: CodexAsModel['client'];

beforeAll(async () => {
  codex = await startCodexAsModel(stateDir, {
    modelInfo: { supports_vision: true, supports_reasoning: true },
    env: { CODEX_PLUS_CODEX_LOG_MESSAGES: 'true', CODEX_PLUS_CODEX_HUNG_AFTER_MS: '5000' },
  });
  ({ upstream, middleware, client } = codex);
});

beforeEach(() => {
  upstream.use(() => says('Hello from Codex.'));
});

afterAll(() => codex.close());

const hello = [{ role: 'user' as const, content: 'Say hello.' }];

/** From now on the provider begins its answers and says nothing more. */
function standStill(): void {
  upstream.use(() => ({
    kind: 'bytes',
    headers: ['content-type', 'text/event-stream'],
    pieces: [Buffer.from(': still thinking\n\n')],
    then: 'silence',
  }));
}

async function toldWorkers(): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const health = (await (await fetch(`${middleware.url}/health`)).json()) as {
    codex: { workers: Record<string, unknown>[] };
  };
  return health.codex.workers;
}

/** How often Codex itself said that it had interrupted a turn. */
function interrupted(): number {
  return middleware.lines.filter(({ line }) =>
    /"method":"turn\/completed".*"status":"interrupted"/.test(String(line)),
  ).length;
}

test.each([false, true])(
  'the turn of a client that leaves is interrupted, and its worker is idle (streamed: %s) [API-1]',
  async (stream) => {
    await client.chat.completions.create({ model: 'codex-5', messages: hello });
    const [pid] = workerPids(middleware).slice(-1);
    standStill();
    const before = interrupted();
    const { length } = upstream.requests;
    const left = new AbortController();
    const asked = client.chat.completions.create(
      { model: 'codex-5', messages: hello, stream },
      { signal: left.signal },
    );
    await until(() => upstream.requests.length > length);
    expect(await toldWorkers()).toMatchObject([{ pid, running: 1 }]);
    left.abort();
    await expect(asked).rejects.toThrow('aborted');
    expect(await upstream.requests.at(-1)?.closed).toBe(true);
    await until(() => interrupted() === before + 1);
    await until(async () => (await toldWorkers())[0]?.['running'] === 0);
    expect(await toldWorkers()).toMatchObject([{ pid, running: 0 }]);
  },
);

test('a Codex that hangs in a turn is replaced [API-1]', async () => {
  await client.chat.completions.create({ model: 'codex-5', messages: hello });
  standStill();
  const { length } = upstream.requests;
  const asked = client.chat.completions.create({ model: 'codex-5', messages: hello });
  const failed = expect(asked).rejects.toThrow(/answered nothing for 5 s and was ended/);
  await until(() => upstream.requests.length > length);
  const [pid = 0] = workerPids(middleware).slice(-1);
  process.kill(-pid, 'SIGSTOP');
  await failed;
  upstream.use(() => says('again'));
  const next = await client.chat.completions.create({ model: 'codex-5', messages: hello });
  expect(next.choices[0]?.message.content).toBe('again');
  expect(workerPids(middleware).at(-1)).not.toBe(pid);
}, 60_000);

test('a tool whose name Codex keeps to itself is offered and called all the same [API-1]', async () => {
  upstream.use((seen) => calls(/t_mcp__maps__find_\w+/.exec(seen.raw.toString())?.[0] ?? 'none', {}));
  const answer = await client.chat.completions.create({
    ...{ model: 'codex-5', messages: hello },
    tools: [{ type: 'function', function: { name: 'mcp__maps__find', parameters: { type: 'object' } } }],
  });
  expect(answer.choices[0]?.message.tool_calls).toMatchObject([{ function: { name: 'mcp__maps__find' } }]);
});

test('commands run also where its folder was taken away meanwhile [API-1]', async () => {
  await client.chat.completions.create({ model: 'codex-5', messages: hello });
  renameSync(join(stateDir, 'codex'), join(stateDir, 'taken'));
  const { length } = upstream.requests;
  upstream.use((_, index) =>
    index === length ? calls('exec_command', { cmd: 'echo $((6*7))' }) : says('Done.'),
  );
  await client.chat.completions.create({ model: 'codex-5', messages: hello });
  expect(upstream.requests.at(-1)?.raw.toString()).toMatch(/exited with code 0.*Output:\\n42/);
});

test('half of a letter does not have the turn wait [API-1]', async () => {
  const messages = [{ role: 'user' as const, content: 'cut \ud83d here' }];
  const answer = await client.chat.completions.create({ model: 'codex-5', messages });
  expect(answer.choices[0]?.message.content).toBe('Hello from Codex.');
  expect(upstream.requests.at(-1)?.raw.toString()).toContain('cut \ufffd here');
});
