import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { claudeFolder } from '../support/clients/claude-program.ts';
import type { Item } from '../support/fake-upstream/step.ts';
import { pathWithCodex, runCli } from '../support/run-cli.ts';
import { sparePort } from '../support/spare-port.ts';
import { makeTestFolder, startMiddleware, type RunningMiddleware } from '../support/start-middleware.ts';
import { conversationsThatDoNotGoOn } from '../support/strict/conversations-that-do-not-go-on.ts';
import { strictLitellmConfig } from '../support/strict/litellm-config.ts';
import { startStrictProviders, type StrictProviders } from '../support/strict/strict-providers.ts';

const threeMinutes = 180_000;

const thinks = (text: string): Item => ({ kind: 'reasoning', text, seal: '' });
const says = (text: string): Item => ({ kind: 'text', text });
const runs = (command: string): Item => ({
  ...{ kind: 'call', name: 'Bash', callId: '' },
  arguments: { command, description: 'A step' },
});
const writes = (file_path: string, content: string): Item => ({
  ...{ kind: 'call', name: 'Write', callId: '' },
  arguments: { file_path, content },
});

// Without the letters of an escape: Claude Code makes the sign of them that they stand for.
const oddLine = 'before\u2028after\u2029 "q" \\n \t 🎉 Grüße \u0085 <&>\'=';

describe('the real Claude Code through the real LiteLLM on providers as strict as the real ones', () => {
  let providers: StrictProviders;
  let middleware: RunningMiddleware;
  let path: string;

  beforeAll(async () => {
    path = [await claudeFolder(), pathWithCodex].join(delimiter);
    providers = await startStrictProviders();
    middleware = await startMiddleware({
      upstreamUrl: providers.url,
      litellmPort: await sparePort(),
      litellmConfig: strictLitellmConfig(providers.url),
    });
    await middleware.untilLitellmIs('ready');
  }, threeMinutes);

  afterAll(async () => {
    await middleware.stop();
    await providers.close();
  }, threeMinutes);

  afterEach(() => {
    providers.forget();
  });

  test.each(['gemini', 'deepseek', 'chat', 'openai'])(
    '[RT-4] %s: a shell, an edit, two calls at once, a long output, and all again after a resume',
    async (model) => {
      const folder = await makeTestFolder('claude');
      const workspace = join(folder, 'workspace');
      await mkdir(workspace);
      const env = {
        ...{ PATH: path, HOME: folder, NO_PROXY: '127.0.0.1', ANTHROPIC_API_KEY: 'sk-ant-api03-made-up' },
        ...{ CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1', ANTHROPIC_DEFAULT_HAIKU_MODEL: model },
      };
      const turn = async (...args: readonly string[]): Promise<string> => {
        const options = ['--model', model, '--allowedTools', 'Bash,Write'];
        const all = ['run', '--url', middleware.url, '--', 'claude', '-p', ...args, ...options];
        const { exitCode, stdout, stderr } = await runCli(all, { cwd: workspace, env });
        expect([exitCode, exitCode === 0 ? '' : stdout + stderr]).toEqual([0, '']);
        return stdout.trim();
      };
      const file = join(workspace, 'odd.txt');
      providers.willAnswer(
        [thinks('First a look.'), says('I look.'), runs('echo ONE')],
        [thinks('Now the file.'), writes(file, oddLine)],
        [thinks('Both at once.'), runs('echo TWO'), runs('echo THREE')],
        [thinks('A long one.'), runs('seq 1 20000')],
        [thinks('It is done.'), says('Done.')],
      );
      expect(await turn('Do it.')).toBe('Done.');
      expect(providers.faults).toEqual([]);
      expect(await readFile(file, 'utf8')).toBe(oddLine);

      providers.willAnswer([thinks('Once more.'), runs('echo FOUR')], [says('All done.')]);
      expect(await turn('--continue', 'Go on.')).toBe('All done.');
      expect(providers.faults).toEqual([]);
      const last = providers.calls.at(-1)?.raw ?? '';
      for (const word of ['ONE', 'TWO', 'THREE', 'FOUR']) expect(last).toContain(word);
      expect(conversationsThatDoNotGoOn(providers.calls)).toEqual([]);
      await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    },
    threeMinutes,
  );
});
