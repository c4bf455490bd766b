import { expect, test } from '@jest/globals';
import type { HookEntry } from '../../../middleware/features/hooks/config/hook-entry.ts';
import type { HookInput } from '../../../middleware/features/hooks/hook-input.ts';
import { runHttpHook } from '../../../middleware/features/hooks/run/http-hook.ts';
import { postHook } from '../../../middleware/features/hooks/run/post-hook.ts';

test('a header with a line break is not sent, and nobody is told its value [SEC-3]', async () => {
  const end = await runHttpHook(
    { timeoutMs: 60_000 } as HookEntry,
    { kind: 'http', url: 'http://127.0.0.1:9', headers: { 'X-Key': '$KEY' }, allowedEnvVars: ['KEY'] },
    { input: {} as HookInput, env: { KEY: 'secret\none' }, signal: new AbortController().signal },
    postHook,
  );
  expect(JSON.stringify(end)).toContain('its header X-Key cannot be sent');
  expect(JSON.stringify(end)).not.toContain('secret');
});
