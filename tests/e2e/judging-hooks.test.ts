import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, jest } from '@jest/globals';
import { calls, says } from '../support/fake-upstream/step.ts';
import { useJudgeBench } from '../support/judge-bench.ts';
import { makeCodexHome, pointedAt } from '../support/run-codex.ts';
import { onLinux } from '../support/sandbox-fixture.ts';

jest.setTimeout(120_000);

const bench = useJudgeBench();

describe('the real Codex CLI', () => {
  onLinux(
    'ends its turn where a model refuses a call, and works on where one refuses to stop [HK-1] [HK-2]',
    async () => {
      const codex = await makeCodexHome();
      const run = () => codex.exec([...pointedAt(bench.middleware.url), '--model', 'm', 'Release it.']);
      bench.judgeEach(({ raw }) =>
        JSON.stringify({ ok: !raw.includes('touch released'), reason: 'not on Fridays' }),
      );
      bench.model((_, index) =>
        calls('exec_command', { cmd: index === 0 ? 'touch tested' : 'touch released' }, `c${index}`),
      );
      await bench.hook('PreToolUse', { type: 'prompt', prompt: 'May this run today?' });
      expect(await run()).toMatchObject({
        exitCode: 0,
        errors: [],
        messages: ['PreToolUse:Bash hook error: [May this run today?]: not on Fridays'],
      });
      const files = ['tested', 'released'];
      expect(files.filter((file) => existsSync(join(codex.workspace, file)))).toEqual(['tested']);

      bench.upstream.forget();
      bench.judge(
        calls('Shell', { command: 'ls' }, 'j1'),
        calls('StructuredOutput', { ok: false, reason: 'nothing is released' }, 'j2'),
        calls('StructuredOutput', { ok: true }, 'j3'),
      );
      bench.model((_, index) => says(index === 0 ? 'Done.' : 'I could not.'));
      await bench.hook('Stop', { type: 'agent', prompt: 'Is there a file "released"?' });
      expect(await run()).toMatchObject({ exitCode: 0, errors: [], messages: ['Done.', 'I could not.'] });
      expect(bench.asked()[1]?.raw.toString()).toContain('"tested"');
      await codex.remove();
    },
  );
});
