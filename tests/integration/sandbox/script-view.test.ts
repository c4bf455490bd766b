import { mkdirSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect } from '@jest/globals';
import { createCommandRunner } from '../../../middleware/features/hooks/run/run-hook-command.ts';
import { createSandboxFixture, onLinux, type SandboxFixture } from '../../support/sandbox-fixture.ts';

let fixture: SandboxFixture;

beforeEach(() => {
  fixture = createSandboxFixture();
});

afterEach(() => {
  fixture.remove();
});

const script = '. "$(dirname "$0")/word.sh"; cat "$(dirname "$0")/../../above.txt"; echo "$WORD $(pwd)"\n';

/** Runs a checked script of the project, beside which there are others. */
async function runScript(text: string, beside: number) {
  const path = fixture.write('project/.claude/hooks/check.sh', 'echo changed since\n');
  fixture.write('project/.claude/hooks/word.sh', 'WORD=beside\n');
  fixture.write('project/above.txt', 'above ');
  for (let index = 0; index < beside; index++) writeFileSync(join(fixture.project, `${index}.txt`), '');
  const copiesDir = join(fixture.home, 'state', 'hook-copies');
  mkdirSync(copiesDir, { recursive: true });
  const run = createCommandRunner(fixture.sandbox({ secrets: [join(fixture.home, 'state')] }), {
    ...{ workspace: fixture.project, ownVariables: new Set<string>(), copiesDir },
    onTimeout: () => undefined,
    onNote: () => undefined,
  });
  let isReplaced = false;
  const end = await run({
    ...{ file: '/bin/sh', args: [path], cwd: fixture.project, env: {}, permissions: [] },
    checked: new Map([[path, { content: Buffer.from(text), isWhole: true, isExecutable: false }]]),
    ...{ stdin: '', timeoutMs: 20_000, signal: new AbortController().signal },
    ...{ keepBytes: 10_000, floodBytes: 100_000 },
    onStdout: (said) => {
      if (isReplaced || !said.includes('ready')) return;
      isReplaced = true;
      // As another command would: a new file in place of the one that was checked.
      const draft = fixture.write('project/.claude/hooks/draft.sh', 'echo replaced\n');
      renameSync(draft, path);
      fixture.write('project/replaced', '');
    },
  });
  return { ...end, left: readdirSync(copiesDir) };
}

describe('a checked script in the sandbox', () => {
  for (const [what, beside] of [
    ['few files', 3],
    ['more files than bubblewrap takes arguments', 3_100],
  ] as const) {
    onLinux(
      `runs as it was checked, finds what lies around it, and is gone afterwards: ${what} [HK-3]`,
      async () => {
        const { stdout, stderr, left } = await runScript(script, beside);
        expect([stdout, stderr, left]).toEqual([`above beside ${fixture.project}\n`, '', []]);
      },
    );

    onLinux(`stays what was checked where its file is replaced while it runs: ${what} [HK-3]`, async () => {
      const line = `[ "$1" ] || { echo ready; until [ -e replaced ]; do sleep 0.01; done; }; `;
      const again = `[ "$1" ] && echo checked || exec sh "$0" again\n`;
      const { stdout, left } = await runScript(line + again, beside);
      expect([stdout, left]).toEqual(['ready\nchecked\n', []]);
    });
  }

  onLinux('cannot be changed by itself, nor what is beside its copy [HK-3]', async () => {
    const { stdout } = await runScript(
      'for f in "$0" "$(dirname "$0")/new"; do (echo x > "$f") 2>/dev/null || echo refused; done\n',
      0,
    );
    expect(stdout).toBe('refused\nrefused\n');
  });
});
