import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { editCodexConfig } from '../../middleware/cli/install/codex-config.ts';
import { modelFacts } from '../../middleware/upstreams/litellm/models/model-facts.ts';
import { codexCatalog } from '../../middleware/protocol/codex/model-catalog.ts';
import type { Item } from '../support/codex-turns.ts';
import { startFakeUpstream, type FakeUpstream } from '../support/fake-upstream/fake-upstream.ts';
import { calls, says } from '../support/fake-upstream/step.ts';
import { startHooksMiddleware, type HooksMiddleware } from '../support/hooks-middleware.ts';
import { makeCodexHome } from '../support/run-codex.ts';

const oneMinute = 60_000;

let upstream: FakeUpstream;
let middleware: HooksMiddleware;
let codex: Awaited<ReturnType<typeof makeCodexHome>>;

beforeAll(async () => {
  upstream = await startFakeUpstream();
});

afterAll(async () => {
  await upstream.close();
});

beforeEach(async () => {
  codex = await makeCodexHome();
  middleware = await startHooksMiddleware(upstream.url, codex.folder);
  upstream.forget();
  const { text } = editCodexConfig('', {
    ...{ url: `http://127.0.0.1:${middleware.port}`, model: 'gpt-5.5', file: 'config.toml' },
    ...{ keyVariable: undefined, withLogin: false, hookStates: [] },
  });
  await writeFile(join(codex.home, 'config.toml'), text);
});

afterEach(async () => {
  await middleware.close();
  await codex.remove();
});

/** Hooks of the user's own, by event. */
async function hooks(commands: Readonly<Record<string, string>>, matcher?: string): Promise<void> {
  const file = join(codex.folder, 'home/.claude/settings.json');
  await mkdir(dirname(file), { recursive: true });
  const entries = Object.entries(commands).map(([event, command]) => [
    event,
    [{ matcher, hooks: [{ type: 'command', command }] }],
  ]);
  await writeFile(file, JSON.stringify({ hooks: Object.fromEntries(entries) as object }));
}

const kept = (): string => join(codex.folder, 'in');

async function told(): Promise<readonly Item[]> {
  const text = await readFile(kept(), 'utf8').catch(() => '');
  return text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Item);
}

describe('hooks of the real Codex that call ours', () => {
  test(
    'tell a tool call by the id that it has on the wire, and its output once [HK-5]',
    async () => {
      await hooks({ PreToolUse: `cat >> ${kept()}`, PostToolUse: `cat >> ${kept()}` });
      upstream.use((_, index) => (index === 0 ? calls('exec_command', { cmd: 'echo HI' }) : says('done')));
      const run = await codex.exec(['--dangerously-bypass-hook-trust', 'go']);
      expect(run.messages).toEqual(['done']);
      expect(await told()).toMatchObject([
        {
          hook_event_name: 'PreToolUse',
          tool_name: 'Bash',
          tool_input: { command: 'echo HI' },
          tool_use_id: 'call_1',
          session_id: run.threadId,
        },
        { hook_event_name: 'PostToolUse', tool_name: 'Bash', tool_use_id: 'call_1' },
      ]);
    },
    oneMinute,
  );

  test(
    'leave a command that failed to the request, which tells its exit code and what was called with it [HK-5] [HK-1]',
    async () => {
      const keeps = `cat >> ${kept()}; echo >> ${kept()}`;
      await hooks({ PostToolUse: keeps, PostToolUseFailure: keeps, PostToolBatch: keeps });
      upstream.use((_, index) =>
        index === 0 ? calls('exec_command', { cmd: 'echo no rule; exit 2' }) : says('done'),
      );
      await codex.exec(['--dangerously-bypass-hook-trust', 'go']);
      expect(await told()).toMatchObject([
        { hook_event_name: 'PostToolUseFailure', error: 'Exit code 2\nno rule', tool_use_id: 'call_1' },
        { hook_event_name: 'PostToolBatch', tool_calls: [{ tool_use_id: 'call_1' }] },
      ]);
    },
    oneMinute,
  );

  test(
    'tell a patch as the file that it writes to a hook with a matcher [HK-5]',
    async () => {
      const keeps = `cat >> ${kept()}; echo >> ${kept()}`;
      await hooks({ PreToolUse: keeps, PostToolUse: keeps }, 'Edit|Write');
      const input = '*** Begin Patch\n*** Add File: made\n+x\n*** End Patch\n';
      const patch = { kind: 'custom', name: 'apply_patch', input, callId: 'call_1' } as const;
      upstream.use((_, index) => (index === 0 ? { kind: 'answer', items: [patch] } : says('done')));
      // A model that Codex does not know has no tool for patches; those of our list have.
      const model = { name: 'gpt-5.5', provider: undefined, ...modelFacts([]) };
      const catalog = join(codex.folder, 'models.json');
      await writeFile(catalog, JSON.stringify(codexCatalog([model])));
      const known = ['-c', `model_catalog_json=${JSON.stringify(catalog)}`];
      await codex.exec(['--dangerously-bypass-hook-trust', ...known, 'go']);
      expect(await readFile(join(codex.workspace, 'made'), 'utf8')).toBe('x\n');
      const tool_input = { file_path: join(codex.workspace, 'made'), content: 'x\n' };
      expect(await told()).toMatchObject([
        { hook_event_name: 'PreToolUse', tool_name: 'Write', tool_input },
        { hook_event_name: 'PostToolUse', tool_name: 'Write', tool_input },
      ]);
    },
    oneMinute,
  );

  test(
    'refuse a call that our hook refuses: it does not run, and the model reads why [HK-5]',
    async () => {
      await hooks({ PreToolUse: `touch ${codex.folder}/asked; echo "not here" >&2; exit 2` });
      upstream.use((_, index) =>
        index === 0 ? calls('exec_command', { cmd: `touch ${codex.folder}/ran` }) : says('done'),
      );
      await codex.exec(['--dangerously-bypass-hook-trust', 'go']);
      await readFile(join(codex.folder, 'asked'));
      await expect(readFile(join(codex.folder, 'ran'))).rejects.toThrow();
      expect(upstream.requests.at(-1)?.raw.toString()).toContain('not here');
    },
    oneMinute,
  );
});
