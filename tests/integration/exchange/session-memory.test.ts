import { mkdirSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { startFakeUpstream } from '../../support/fake-upstream/fake-upstream.ts';
import { startHooksMiddleware } from '../../support/hooks-middleware.ts';
import { callRaw } from '../../support/raw-client.ts';
import { settledMemory } from '../../support/settled-memory.ts';
import { makeTestFolder } from '../../support/start-middleware.ts';

const conversations = 40;
const bodyLength = 1_000_000;

test('conversations that hooks know of keep nothing of the bodies of their requests', async () => {
  const folder = await makeTestFolder('session-memory');
  mkdirSync(join(folder, 'home', '.claude'), { recursive: true });
  mkdirSync(join(folder, 'project'));
  writeFileSync(
    join(folder, 'home', '.claude', 'settings.json'),
    JSON.stringify({ hooks: { SessionEnd: [{ hooks: [{ type: 'command', command: 'true' }] }] } }),
  );
  const upstream = await startFakeUpstream();
  const middleware = await startHooksMiddleware(upstream.url, folder);
  const call = async (session: number): Promise<number> => {
    const headers = [
      ...['x-codex-plus-session', `s${session}`],
      ...['x-codex-plus-workspace', join(folder, 'project')],
    ];
    const body = `{"model":"gpt-5","input":"${session} ${'x'.repeat(bodyLength)}"}`;
    const { status } = await callRaw(middleware.port, { path: '/v1/responses', headers, body });
    upstream.forget();
    return status;
  };
  try {
    for (let session = 0; session < 5; session += 1) expect(await call(session)).toBe(200);
    const before = await settledMemory();
    for (let session = 5; session < conversations + 5; session += 1) expect(await call(session)).toBe(200);
    expect((await settledMemory()) - before).toBeLessThan((conversations * bodyLength) / 4);
  } finally {
    await middleware.close();
    await upstream.close();
    await rm(folder, { recursive: true, force: true });
  }
}, 60_000);
