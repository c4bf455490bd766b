import { chmod, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { user, type Item } from '../../support/codex-turns.ts';
import { useHookBench } from '../../support/hook-bench.ts';

const bench = useHookBench();

test.each([
  [
    'check.sh',
    './.claude/hooks/check.sh',
    '#!/bin/sh\n. "$(dirname "$0")/lib/word.sh"\necho "$WORD $(cat "$(dirname "$0")/../../word.txt") $(pwd)"\n',
  ],
  [
    'check.js',
    'node "$CLAUDE_PROJECT_DIR/.claude/hooks/check.js"',
    'const { readFileSync } = require("node:fs");\n' +
      'console.log(require("./lib/word.js"), readFileSync(__dirname + "/../../word.txt", "utf8"), process.cwd());\n',
  ],
])(
  'the copy of %s finds what lies around it, runs in the project, and is gone afterwards [HK-3]',
  async (name, command, content) => {
    const settings = { hooks: { UserPromptSubmit: [{ hooks: [{ type: 'command', command }] }] } };
    await bench.file('project/.claude/settings.json', JSON.stringify(settings));
    await bench.file(`project/.claude/hooks/${name}`, content);
    await chmod(join(bench.workspace, '.claude/hooks', name), 0o700);
    await bench.file('project/.claude/hooks/lib/word.sh', 'WORD=beside\n');
    await bench.file('project/.claude/hooks/lib/word.js', 'module.exports = "beside";\n');
    await bench.file('project/word.txt', 'above');
    await bench.file('project/package.json', '{}');
    const asked = JSON.parse(await bench.turn([user('hello', 'm1')])) as { readonly output: readonly Item[] };
    await bench.turn([user('hello', 'm1'), ...asked.output, user('a', 'm2')]);
    await bench.turn([user('hello again', 'm3')]);
    expect(JSON.stringify(bench.sent())).toContain(`beside above ${bench.workspace}`);
    expect(await readdir(join(bench.folder, 'state', 'hook-copies'))).toEqual([]);
  },
);
