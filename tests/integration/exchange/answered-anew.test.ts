import { readdir } from 'node:fs/promises';
import { beforeEach, describe, expect, test } from '@jest/globals';
import type { Item } from '../../support/codex-turns.ts';
import { contextOf, developer, useHookBench } from '../../support/hook-bench.ts';

const bench = useHookBench();
const ofProject = 'project/.claude/settings.json';

/** Leaves a file behind each time that it runs. */
const leave = '---\nallowed-tools: Bash(mktemp *)\n---\nSaid: !`mktemp ran.XXXXXX`';
const made = '<command-name>/leave</command-name>';

async function timesRan(): Promise<number> {
  return (await readdir(bench.workspace)).filter((name) => name.startsWith('ran.')).length;
}

describe.each([
  ['with ids', true],
  ['without ids', false],
])('a user whose messages come %s, and who goes back behind a question', (_how, hasIds) => {
  let said = 0;

  beforeEach(() => {
    said = 0;
  });

  function says(text: string): Item {
    said += 1;
    return {
      ...{ type: 'message', role: 'user', content: [{ type: 'input_text', text }] },
      ...(hasIds && { id: `m${said}` }),
    };
  }

  /** Sends a conversation; resolves with it and the answer to it. */
  async function send(...items: readonly Item[]): Promise<readonly Item[]> {
    const answer = JSON.parse(await bench.turn(items)) as { readonly output: readonly Item[] };
    return [...items, ...answer.output];
  }

  const last = (items: readonly Item[]): string => JSON.stringify(items.at(-1));
  const sent = (): string => JSON.stringify(bench.sent());

  describe('about a command', () => {
    let asked: readonly Item[];

    beforeEach(async () => {
      await bench.file('project/.claude/commands/leave.md', leave);
      asked = await send(says('/leave it'));
      expect(last(asked)).toContain('Allow?');
    });

    test('is heard where he says no instead of yes, and the branch with the yes keeps its result [HK-3] [SEC-4]', async () => {
      const allowed = await send(...asked, says('y'));
      expect(sent()).toContain(made);
      const result = bench.sent();
      const refused = await send(...asked, says('n'));
      expect(last(refused)).toContain('Not run.');
      await send(...refused, says('thanks'));
      expect(sent()).not.toContain('leave');
      await send(...refused, says('/leave it'));
      expect(sent()).not.toContain(made);
      await send(...allowed, says('thanks'));
      expect(bench.sent().slice(0, result.length)).toEqual(result);
      expect(await timesRan()).toBe(1);
    });

    test('is heard where he says yes instead of no, and the branch with the no stays without [HK-3]', async () => {
      const refused = await send(...asked, says('n'));
      const allowed = await send(...asked, says('always'));
      expect(sent()).toContain(made);
      await send(...refused, says('thanks'));
      expect(sent()).not.toContain(made);
      await send(...allowed, says('thanks'));
      expect(sent()).toContain(made);
      expect(await timesRan()).toBe(1);
    });

    test('gets what came of it where he says the same, and it runs no second time [HK-3]', async () => {
      await send(...asked, says('y'));
      const result = bench.sent();
      await send(...asked, says('y'));
      expect(bench.sent()).toEqual(result);
      expect(await timesRan()).toBe(1);
      await send(...asked.slice(0, 1));
      expect(bench.sent()).toHaveLength(1);
      expect(sent()).toContain(made);
    });

    test.each(['n', 'y'])('gets his %s to the model where no question is open [HK-3]', async (word) => {
      const hi = says('hi');
      const greeted = [hi, { type: 'message', role: 'assistant', content: 'hello' }];
      const [command, again] = [says('/leave it'), says('/leave it')];
      const question = await send(...greeted, command);
      expect(last(question)).toContain('Allow?');
      await send(...question, says('n'));
      const refused = await send(...greeted, again);
      expect(last(refused)).toContain('you said no');
      const told = says(word);
      await send(...refused, told);
      expect(bench.sent()).toEqual([...greeted, told]);
    });

    test('is heard where he says something else: the command is not put back [HK-3]', async () => {
      await send(...asked, says('y'));
      await send(...asked, says('what is it?'));
      expect(sent()).toContain('what is it?');
      expect(sent()).not.toContain(made);
    });

    test('runs it once where the yes comes twice at once [SEC-4]', async () => {
      const yes = says('y');
      await Promise.all([send(...asked, yes), send(...asked, yes)]);
      expect(bench.upstream.requests).toHaveLength(2);
      for (const { json } of bench.upstream.requests) expect(JSON.stringify(json)).toContain(made);
      expect(await timesRan()).toBe(1);
    });
  });

  test('a command that fails behind a yes runs once where that comes twice at once [SEC-4]', async () => {
    const fails = leave.replace('*)', '*), Bash(false)').replace('XXXXXX', 'XXXXXX; false');
    await bench.file('project/.claude/commands/leave.md', fails);
    const asked = await send(says('/leave it'));
    expect(last(asked)).toContain('Allow?');
    const yes = says('y');
    const both = await Promise.all([send(...asked, yes), send(...asked, yes)]);
    for (const answer of both) expect(last(answer)).toContain('Shell command failed');
    expect(bench.upstream.requests).toHaveLength(0);
    expect(await timesRan()).toBe(1);
  });

  describe('about a hook', () => {
    test('is heard where he says no instead of yes, and the branch with the yes keeps what it said [HK-3]', async () => {
      await bench.hooks({ UserPromptSubmit: 'echo of the project' }, ofProject);
      await bench.hooks({
        SessionStart: `echo '${contextOf('SessionStart', 'be brief')}'`,
        UserPromptSubmit: `echo '${contextOf('UserPromptSubmit', 'be kind')}'`,
      });
      const hi = says('hi');
      const asked = await send(hi);
      const allowed = await send(...asked, says('y'));
      const result = bench.sent();
      expect(JSON.stringify(result)).toContain('of the project');
      const refused = await send(...asked, says('n'));
      const own = developer(
        'SessionStart hook additional context: be brief',
        'UserPromptSubmit hook additional context: be kind',
      );
      expect(bench.sent()).toEqual([hi, own]);
      await send(...refused, says('thanks'));
      expect(bench.sent().slice(0, 2)).toEqual([hi, own]);
      await send(...allowed, says('thanks'));
      expect(bench.sent().slice(0, result.length)).toEqual(result);
    });

    test('is heard where he says yes instead of no [HK-3]', async () => {
      await bench.hooks({ UserPromptSubmit: 'echo of the project' }, ofProject);
      const hi = says('hi');
      const asked = await send(hi);
      const refused = await send(...asked, says('n'));
      expect(bench.sent()).toEqual([hi]);
      await send(...asked, says('y'));
      expect(bench.sent()).toEqual([hi, developer('UserPromptSubmit hook success: of the project')]);
      await send(...refused, says('thanks'));
      expect(bench.sent().slice(0, 2)).toEqual([hi, refused.at(-1)]);
    });

    test('gets his prompt to the model, though the hook had refused it behind a yes [HK-3]', async () => {
      await bench.hooks({ UserPromptSubmit: 'echo not that >&2; exit 2' }, ofProject);
      const hi = says('hi');
      const asked = await send(hi);
      const yes = says('y');
      for (let time = 0; time < 2; time += 1) expect(last(await send(...asked, yes))).toContain('not that');
      expect(bench.upstream.requests).toHaveLength(0);
      await send(...asked, says('n'));
      expect(bench.sent()).toEqual([hi]);
    });
  });
});
