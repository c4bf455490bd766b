import { expect, test } from '@jest/globals';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import OpenAI from 'openai';
import { codexProgram } from '../support/codex-program.ts';
import { composeMiddleware, rootDir } from '../support/compose-middleware.ts';
import { startFakeUpstream } from '../support/fake-upstream/fake-upstream.ts';
import { says } from '../support/fake-upstream/step.ts';

const block = '<use_tool name="search"><query>x</query></use_tool>';
const testsDir = join(rootDir, '.state', 'tests');
mkdirSync(testsDir, { recursive: true });

test.each([
  ['first', `I look. ${block}`],
  ['burst', `I look. ${block}\n${block}`],
])('an answer ends behind its tool blocks: %s [API-3]', async (stopAfter, expected) => {
  const stateDir = mkdtempSync(join(testsDir, 'codex-blocks-'));
  const upstream = await startFakeUpstream(() => says(`I look. ${block}\n${block} And so on.`));
  const middleware = await composeMiddleware(upstream.url, {
    CODEX_PLUS_CODEX_ENABLED: 'true',
    CODEX_PLUS_CODEX_PROGRAM: codexProgram,
    CODEX_PLUS_CODEX_STOP_AFTER_TOOLS: stopAfter,
    CODEX_PLUS_STATE_DIR: stateDir,
  });
  try {
    const client = new OpenAI({ baseURL: `${middleware.url}/v1`, apiKey: 'unused', maxRetries: 0 });
    const asked = { model: 'codex-5', messages: [{ role: 'user' as const, content: 'Search.' }] };
    const answer = await client.chat.completions.create(asked);
    expect(answer.choices[0]).toMatchObject({ finish_reason: 'stop', message: { content: expected } });
    const chunks = [];
    const stream = await client.chat.completions.create({ ...asked, stream: true });
    for await (const chunk of stream) chunks.push(chunk);
    expect(chunks.map(({ choices }) => choices[0]?.delta.content ?? '').join('')).toBe(expected);
    expect(chunks.at(-1)?.choices[0]?.finish_reason).toBe('stop');
  } finally {
    await middleware.close();
    await upstream.close();
    rmSync(stateDir, { recursive: true, force: true });
  }
});
