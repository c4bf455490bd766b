import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { status, type Step } from '../../support/fake-upstream/step.ts';
import { callRaw } from '../../support/raw-client.ts';
import { until } from '../../support/until.ts';
import { composeMiddleware } from '../../support/compose-middleware.ts';
import { useWholeBench } from '../../support/whole-bench.ts';

const bench = useWholeBench();

type Json = Readonly<Record<string, unknown>>;

function costing(cost: string, ...items: Extract<Step, { kind: 'answer' }>['items']): Step {
  return { kind: 'answer', items, headers: { 'x-litellm-response-cost': cost } };
}

/** The line of the access log for a call of the model. */
async function lineOf(stream: boolean): Promise<Json | undefined> {
  await callRaw(bench.middleware.port, {
    path: '/v1/responses',
    headers: ['x-codex-plus-workspace', bench.workspace],
    body: JSON.stringify({ model: 'm', stream, input: 'clean up' }),
  });
  const lines = (): Json[] => bench.middleware.lines.filter(({ message }) => message === 'exchange');
  await until(() => lines().length > 0);
  return lines()[0];
}

test.each([true, false])(
  'an exchange of several rounds costs what they cost together, and tells what was refused; streamed: %s [OBS-1]',
  async (stream) => {
    await bench.file('home/.claude/settings.json', '{"permissions":{"deny":["Bash(rm:*)"]}}');
    const call = { kind: 'call', name: 'exec_command', arguments: { cmd: 'rm x' }, callId: 'c1' } as const;
    bench.answers(costing('0.5', call), costing('0.25', { kind: 'text', text: 'Then not.' }));
    expect(await lineOf(stream)).toMatchObject({ modelCalls: 2, refusedCalls: 1, costUsd: 0.75 });
  },
);

test('an exchange of one call without refusals tells neither [OBS-1]', async () => {
  bench.answers(costing('0.5', { kind: 'text', text: 'Done.' }));
  const line = await lineOf(false);
  expect(line).toMatchObject({ costUsd: 0.5 });
  expect(line).not.toHaveProperty('modelCalls');
  expect(line).not.toHaveProperty('refusedCalls');
});

test('what a hook asked a model counts as a call, and is no part of what the answer cost [OBS-1]', async () => {
  const hooks = { UserPromptSubmit: [{ hooks: [{ type: 'prompt', prompt: 'May it?' }] }] };
  await bench.file('home/.claude/settings.json', JSON.stringify({ hooks }));
  bench.answers(
    costing('0.125', { kind: 'text', text: '{"ok": true}' }),
    costing('0.5', { kind: 'text', text: 'Done.' }),
  );
  expect(await lineOf(false)).toMatchObject({ modelCalls: 2, costUsd: 0.5 });
});

test('a cost that comes without tokens counts all the same, in the answer and in what a hook asked [OBS-1]', async () => {
  const hooks = { UserPromptSubmit: [{ hooks: [{ type: 'prompt', prompt: 'May it?' }] }] };
  await bench.file('home/.claude/settings.json', JSON.stringify({ hooks }));
  const text = (words: string): object => ({
    ...{ type: 'message', id: 'm1', role: 'assistant', status: 'completed' },
    content: [{ type: 'output_text', text: words, annotations: [] }],
  });
  const withoutUsage = (cost: string, words: string): Step =>
    status(200, { id: 'r1', object: 'response', status: 'completed', output: [text(words)] }, [
      'x-litellm-response-cost',
      cost,
    ]);
  bench.answers(withoutUsage('0.25', '{"ok": true}'), withoutUsage('0.5', 'Done.'));
  const line = await lineOf(false);
  expect(line).toMatchObject({ modelCalls: 2, costUsd: 0.5 });
  expect(line).not.toHaveProperty('inputTokens');
  const metrics = await fetch(`${bench.middleware.url}/metrics`);
  expect(await metrics.text()).toMatch(/^codex_plus_cost_usd_total\{.*\} 0\.75$/m);
});

test('the access log names the holder of the key, the same in every process, and never the key [OBS-1] [SEC-6]', async () => {
  const [plain, named] = ['plain-0123456789', 'named-0123456789'];
  const server = { apiKeys: [plain, { name: 'ann', key: named }] };
  await bench.file('codex_plus.json', JSON.stringify({ server }));
  bench.answers([{ kind: 'text', text: 'Done.' }]);
  for (let process = 0; process < 2; process += 1) {
    const env = {
      CODEX_PLUS_CONFIG: join(bench.folder, 'codex_plus.json'),
      CODEX_PLUS_STATE_DIR: join(bench.folder, 'state'),
    };
    const keyed = await composeMiddleware(bench.upstream.url, env);
    const body = '{"model":"m","input":"hi"}';
    for (const key of [plain, named, 'of-somebody-else']) {
      await callRaw(keyed.port, { path: '/v1/responses', headers: ['x-codex-plus-key', key], body });
    }
    const lines = (): Json[] => keyed.lines.filter(({ message }) => message === 'exchange');
    await until(() => lines().length === 3);
    expect(lines().map(({ key, status }) => [key, status])).toEqual([
      ['key-1', 200],
      ['ann', 200],
      [undefined, 401],
    ]);
    expect(JSON.stringify(keyed.lines)).not.toMatch(/0123456789|somebody/);
    const metrics = await callRaw(keyed.port, {
      ...{ method: 'GET', path: '/metrics' },
      headers: ['x-codex-plus-key', plain],
    });
    expect(metrics.body.toString()).not.toMatch(/\bann\b|key-1/);
    await keyed.close();
  }
});
