import { describe, expect, test } from '@jest/globals';
import { builtInCommands } from '../../../middleware/features/commands/built-in-commands.ts';
import { runBuiltIn } from '../../../middleware/features/built-ins/run-built-in.ts';
import { builtInContext } from '../../support/built-in-context.ts';
import { exchangeWith } from '../../support/made-up-exchange.ts';

describe('runBuiltIn', () => {
  test.each(builtInCommands)('/$name, which /help lists, is answered [CMD-4]', async ({ name }) => {
    expect(await runBuiltIn(name, '', builtInContext())).toMatch(/^\S[\s\S]*\n$/);
  });

  test.each([
    ['help', '--wrong', '/help [pattern] | --preview /command'],
    ['help', '--preview', '/help [pattern] | --preview /command'],
    ['help', '--preview /a/b', '/help [pattern] | --preview /command'],
    ['status', 'now', '/status'],
    ['hooks', 'edit', "/hooks [add EVENT 'COMMAND' | remove NUMBER]"],
    [
      'mcp',
      'lst',
      '/mcp list | NAME | add NAME COMMAND|URL | remove NAME | auth NAME [ADDRESS] | accept NAME [TOOL] [MARK]',
    ],
    ['plus', 'stat', '/plus status|init'],
    ['config', 'set model x', '/config list'],
    ['save', 'two files.md', '/save [file]'],
  ])('/%s %s makes no sense: the answer is how to call it [CMD-4]', async (name, args, usage) => {
    // Codex's interface keeps `/name` for its own commands, `codex exec` does not.
    const { turn } = exchangeWith();
    const exec = exchangeWith({ turn: { ...turn, isOneShot: true } });
    const inCodex = usage.replace('/', '$');
    expect(await runBuiltIn(name, args, builtInContext())).toContain(`Usage: \`${inCodex}\`\n`);
    expect(await runBuiltIn(name, args, builtInContext({ exchange: exec }))).toContain(
      `Usage: \`${usage}\`\n`,
    );
  });

  test('any other name is none of ours, whatever objects are called [CMD-7]', async () => {
    for (const name of ['fix', 'HELP', '', 'constructor', '__proto__']) {
      expect(await runBuiltIn(name, '', builtInContext())).toBeUndefined();
    }
  });

  test('white space around the arguments says nothing [CMD-4]', async () => {
    expect(await runBuiltIn('plus', '  init \n', builtInContext())).toContain('codex-plus init');
  });

  test.each(['hooks', 'mcp', 'plus', 'config'])(
    '/%s without a folder says what the caller can do [CMD-4]',
    async (name) => {
      const nowhere = builtInContext({ snapshot: undefined });
      expect(await runBuiltIn(name, '', nowhere)).toBe(
        'No folder is known for this request: name your folder in the header `x-codex-plus-workspace`, as Codex does by itself.\n',
      );
    },
  );
});
