import { chmod, rename, writeFile } from 'node:fs/promises';
import { describe, expect, test } from '@jest/globals';
import { user, type Item } from '../../support/codex-turns.ts';
import { useHookBench } from '../../support/hook-bench.ts';

const bench = useHookBench();

/** Puts one content and the other in the place of a file, over and over, until told to stop. */
function swapping(file: string, contents: readonly string[]): () => Promise<void> {
  let isOver = false;
  const swap = async (): Promise<void> => {
    for (let round = 0; !isOver; round += 1) {
      await writeFile(`${file}.next`, contents[round % contents.length] ?? '', { mode: 0o700 });
      await rename(`${file}.next`, file);
    }
  };
  const swaps = swap();
  return () => {
    isOver = true;
    return swaps;
  };
}

async function say(text: string, round: number): Promise<string> {
  return bench.turn([user(text, `m${round}`)]);
}

async function allow(text: string, answer: string): Promise<void> {
  const asked = JSON.parse(await bench.turn([user(text, 'm1')])) as { readonly output: readonly Item[] };
  await bench.turn([user(text, 'm1'), ...asked.output, user(answer, 'm2')]);
}

/** A hook of the project's settings for each prompt. */
function onEachPrompt(handler: object): string {
  return JSON.stringify({ hooks: { UserPromptSubmit: [{ hooks: [{ type: 'command', ...handler }] }] } });
}

const calls = 20;

describe('while a writer changes what runs to and fro', () => {
  test.each([
    ['check.sh', { command: 'sh .claude/hooks/check.sh' }],
    ['check.sh', { command: 'cd "$CLAUDE_PROJECT_DIR" && bash -e .claude/hooks/check.sh' }],
    ['check.sh', { command: '"$CLAUDE_PROJECT_DIR"/.claude/hooks/check.sh' }],
    ['check.sh', { command: 'bash', args: ['${CLAUDE_PROJECT_DIR}/.claude/hooks/check.sh'] }],
    ['check.js', { command: 'node "$CLAUDE_PROJECT_DIR/.claude/hooks/check.js"' }],
    ['pre_input.sh', undefined],
  ])(
    'the hook script %s runs as it was allowed, or not at all: %j [HK-3] [SEC-4]',
    async (name, handler) => {
      const [good, evil] = ['GOOD', 'EVIL'].map((word) =>
        name.endsWith('.js')
          ? `#!/usr/bin/env node\nconsole.log(${JSON.stringify(word)});\n`
          : `#!/bin/sh\necho ${word}\n`,
      );
      const file = `${bench.workspace}/.claude/hooks/${name}`;
      await bench.file(`project/.claude/hooks/${name}`, good ?? '');
      await chmod(file, 0o700);
      if (handler !== undefined) await bench.file('project/.claude/settings.json', onEachPrompt(handler));
      await allow('hello', 'a');
      await say('hello again', 9);
      expect(JSON.stringify(bench.sent())).toContain('GOOD');
      const stop = swapping(file, [good ?? '', evil ?? '']);
      const ran: boolean[] = [];
      for (let round = 0; round < 1000 && ran.filter(Boolean).length < calls; round += 1) {
        bench.session = `race${round}`;
        bench.upstream.forget();
        await say('hello', 10 + round);
        const sent = JSON.stringify(bench.upstream.requests.map(({ json }) => json));
        expect(sent).not.toContain('EVIL');
        ran.push(sent.includes('GOOD'));
      }
      await stop();
      expect(ran.filter(Boolean)).toHaveLength(calls);
      expect(ran.length).toBeGreaterThan(calls);
    },
    60_000,
  );

  test.each([
    [
      'race.md',
      '---\nallowed-tools: Bash(echo *)\n---\n!`echo GOOD`',
      '---\nallowed-tools: Bash(echo *)\n---\n!`echo EVIL`',
    ],
    ['race.js', 'module.exports = () => "GOOD";', 'module.exports = () => "EVIL";'],
    ['race.mjs', 'export default () => "GOOD";', 'export default () => "EVIL";'],
  ])(
    'the command %s runs as it was allowed, or is asked for [HK-3] [SEC-4]',
    async (name, good, evil) => {
      const file = `${bench.workspace}/.claude/commands/${name}`;
      await bench.file(`project/.claude/commands/${name}`, good);
      await allow('/race', 'a');
      expect(JSON.stringify(bench.sent())).toContain('GOOD');
      const stop = swapping(file, [good, evil]);
      const answers: string[] = [];
      const wasAsked = (): boolean => answers.some((answer) => answer.includes('Allow?'));
      // On a busy machine the writer may be behind for long.
      for (let round = 10; round < 20 || (round < 1000 && !wasAsked()); round += 1)
        answers.push(await say('/race', round));
      await stop();
      const sent = JSON.stringify(bench.upstream.requests.map(({ json }) => json));
      expect(sent).toContain('GOOD');
      expect(sent).not.toContain('EVIL');
      expect(wasAsked()).toBe(true);
    },
    30_000,
  );

  test('a question shows the hash of what it shows [HK-3] [SEC-4]', async () => {
    const contents = ['one', 'two'].map((word) => `---\nallowed-tools: Bash(echo *)\n---\n!\`echo ${word}\``);
    const [first = ''] = contents;
    await bench.file('project/.claude/commands/race.md', first);
    const hashes = new Map<string, Set<string>>();
    const stop = swapping(`${bench.workspace}/.claude/commands/race.md`, contents);
    // Until both were seen, and each of them some more times.
    for (let round = 10; round < 200 && (round < 20 || hashes.size < 2); round += 1) {
      const answer = await say('/race', round);
      const [, word = ''] = /echo (one|two)/.exec(answer) ?? [];
      const [, hash] = /sha256 (\w+)/.exec(answer) ?? [];
      if (hash !== undefined) hashes.set(word, (hashes.get(word) ?? new Set()).add(hash));
    }
    await stop();
    expect([...hashes.values()].map(({ size }) => size)).toEqual([1, 1]);
  }, 30_000);
});
