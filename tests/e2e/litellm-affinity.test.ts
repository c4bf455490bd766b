import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { rootDir } from '../support/compose-middleware.ts';
import { startFakeUpstream, type FakeUpstream } from '../support/fake-upstream/fake-upstream.ts';
import { sparePort } from '../support/spare-port.ts';
import { startMiddleware, type RunningMiddleware } from '../support/start-middleware.ts';

const twoMinutes = 120_000;
const turns = 12;

let deployments: readonly [FakeUpstream, FakeUpstream];
let middleware: RunningMiddleware;

beforeAll(async () => {
  deployments = [await startFakeUpstream(), await startFakeUpstream()];
  const entries = deployments.map(
    ({ url }) => `  - model_name: twice
    litellm_params: { model: openai/gpt-5, api_base: '${url}/v1', api_key: sk-made-up }
  - model_name: claude-twice
    litellm_params: { model: anthropic/claude-sonnet-5, api_base: '${url}', api_key: sk-made-up }
`,
  );
  const usual = await readFile(join(rootDir, 'config', 'litellm_config.yaml'), 'utf8');
  middleware = await startMiddleware({
    upstreamUrl: deployments[0].url,
    litellmPort: await sparePort(),
    litellmConfig: usual.replace('model_list:\n', `model_list:\n${entries.join('')}`),
  });
  await middleware.untilLitellmIs('ready');
  for (const [at, deployment] of deployments.entries()) {
    const reasoning = { kind: 'reasoning', text: 'Hm.', seal: `gAAAA-of-${at}` } as const;
    deployment.use(() => ({ kind: 'answer', items: [reasoning, { kind: 'text', text: 'Done.' }] }));
  }
}, twoMinutes);

afterAll(async () => {
  await middleware.stop();
  await Promise.all(deployments.map((deployment) => deployment.close()));
}, twoMinutes);

afterEach(() => {
  for (const deployment of deployments) deployment.forget();
});

async function call(path: string, body: object, headers: Record<string, string>): Promise<string> {
  const answer = await fetch(`${middleware.url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
  const text = await answer.text();
  expect([answer.status, text]).toEqual([200, expect.any(String)]);
  return text;
}

/** How many calls each deployment got. */
function counts(): number[] {
  return deployments.map(({ requests }) => requests.length).toSorted((one, other) => one - other);
}

const codex = (session: string) => ({ 'user-agent': 'codex_exec/0.169.0', 'session-id': session });
const claudeCode = (session: string) => ({
  'user-agent': 'claude-cli/2.1.332',
  'x-claude-code-session-id': session,
});
const asked = { role: 'user', content: 'go' };

describe('[RT-5] of two deployments with one name', () => {
  test.each([
    ['a session of Codex', '/v1/responses', { model: 'twice', input: [asked] }, codex],
    ['one at another provider', '/v1/responses', { model: 'claude-twice', input: [asked] }, codex],
    ['one of Claude Code', '/v1/messages', { model: 'claude-twice', messages: [asked] }, claudeCode],
    ['one of it at another provider', '/v1/messages', { model: 'twice', messages: [asked] }, claudeCode],
  ] as const)('%s keeps the one that it began at', async (_name, path, body, headersOf) => {
    const session = randomUUID();
    for (let turn = 0; turn < turns; turn += 1)
      await call(
        path,
        { ...body, max_tokens: undefined, ...('messages' in body && { max_tokens: 99 }) },
        headersOf(session),
      );
    expect(counts()).toEqual([0, turns]);
  });

  test('calls of other sessions go to either', async () => {
    for (let turn = 0; turn < 40; turn += 1)
      await call('/v1/responses', { model: 'twice', input: [asked] }, codex(randomUUID()));
    expect(counts()[0]).toBeGreaterThan(0);
  });

  test('what OpenAI encrypted goes back to the one that did it, as it was, without any session', async () => {
    const first = await call('/v1/responses', { model: 'twice', input: [asked] }, {});
    const began = deployments.findIndex(({ requests }) => requests.length > 0);
    const { output } = JSON.parse(first) as { output: { type: string }[] };
    const [reasoning] = output.filter(({ type }) => type === 'reasoning');
    const input = [asked, { ...reasoning, id: undefined }, { role: 'assistant', content: 'Done.' }, asked];
    for (let turn = 1; turn < turns; turn += 1) await call('/v1/responses', { model: 'twice', input }, {});
    expect(counts()).toEqual([0, turns]);
    expect(deployments[began]?.requests.at(-1)?.raw.toString()).toContain(`"gAAAA-of-${began}"`);
  });
});
