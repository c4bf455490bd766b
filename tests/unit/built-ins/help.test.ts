import { describe, expect, test } from '@jest/globals';
import { help } from '../../../middleware/features/built-ins/help.ts';
import { builtInContext, sourceIn } from '../../support/built-in-context.ts';
import { exchangeWith } from '../../support/made-up-exchange.ts';
import { commandWith } from '../commands/command-fixture.ts';

const fix = commandWith({
  name: 'fix',
  source: sourceIn('project', 'commands/fix.md'),
  argumentHint: '[issue]',
  description: 'Fixes an issue',
  model: 'opus',
  allowedTools: ['Bash(git log *)', 'Read'],
  body: 'Fix $0.\n\n!`git log -3 $0`\n\n```js\nlet a = `x`;\n```\n\nRead @src/a.ts\n',
});
const script = commandWith({
  name: 'make',
  kind: 'python',
  source: sourceIn('user', 'commands/make.py'),
  body: '',
});
const forModel = commandWith({ name: 'inner', userInvocable: false });
const listed = [fix, script, forModel];
const ofClient = (kind: 'codex' | 'other'): ReturnType<typeof exchangeWith> =>
  exchangeWith({ client: { kind, version: undefined } });
const answer = (args: string, more: typeof listed = listed): Promise<string> =>
  Promise.resolve(help(args, builtInContext({ listed: more, exchange: ofClient('other') })));

describe('/help', () => {
  test('lists the built-in commands and those of each scope, with their hints [CMD-4]', async () => {
    expect(await answer('')).toBe(
      [
        '## Built-in commands\n',
        '- `/help [pattern] | --preview /command`: List the commands, or show what one would send',
        '- `/status`: Show how Codex-Plus and its tiers are',
        "- `/hooks [add EVENT 'COMMAND' | remove NUMBER]`: Show the configured hooks, add or remove one",
        '- `/mcp list | NAME | add NAME COMMAND|URL | remove NAME | auth NAME [ADDRESS] | accept NAME [TOOL] [MARK]`: Show, add or remove MCP servers, sign in at one, or accept its changed tools',
        '- `/plus status|init`: Show the merged configuration, or how to set up a client',
        '- `/config list`: Show every setting with its source',
        '- `/save [file]`: Write this conversation to a file\n',
        '## Project commands\n',
        '- `/fix [issue]`: Fixes an issue (project)\n',
        '## User commands\n',
        '- `/make`: Does things (user)\n',
      ].join('\n'),
    );
  });

  test('a command that has the name of a built-in one is listed in its place [CMD-4]', async () => {
    const text = await answer('status', [commandWith({ name: 'status' })]);
    expect(text.match(/`\/status`/g)).toHaveLength(1);
    expect(text).toContain('- `/status`: Does things (project)');
  });

  test('a pattern filters, and a name nearby is suggested where nothing matches [CMD-4]', async () => {
    expect(await answer('fixes')).toBe('## Project commands\n\n- `/fix [issue]`: Fixes an issue (project)\n');
    expect(await answer('stauts')).toBe('No command matches `stauts`. Did you mean `/status`?\n');
  });
});

describe('/help in Codex’s interface', () => {
  const inCodex = (args: string): Promise<string> =>
    Promise.resolve(help(args, builtInContext({ listed, exchange: ofClient('codex') })));

  test('names the forms that can be typed there, which `/name` is not [CMD-4] [CMD-6]', async () => {
    expect(await inCodex('fixes')).toBe(
      [
        'In Codex, call a command as `$name`, as `:name`, or with a space before `/name`; `codex exec` takes `/name`.\n',
        '## Project commands\n',
        '- `$fix [issue]`: Fixes an issue (project)\n',
      ].join('\n'),
    );
    expect(await inCodex('$stauts')).toBe('No command matches `stauts`. Did you mean `$status`?\n');
  });
});

describe('/help --preview', () => {
  test('shows the prompt, the shell lines and the files of a call, and runs nothing [CMD-5]', async () => {
    expect(await answer('--preview /fix "issue 42"')).toBe(
      [
        '## Preview of `/fix "issue 42"`\n',
        'Nothing of it was run or sent to a model.\n',
        '- From: project, `.claude/commands/fix.md`',
        '- Model: `opus`',
        '- Allowed tools: `Bash(git log *)`, `Read`\n',
        '### Prompt\n',
        '````',
        '<command-message>fix</command-message>',
        '<command-name>/fix</command-name>',
        '<command-args>"issue 42"</command-args>\n',
        'Fix issue 42.\n',
        '!`git log -3 issue 42`\n',
        '```js\nlet a = `x`;\n```\n',
        'Read @src/a.ts',
        '````\n',
        '### Shell lines that would run\n',
        '```\ngit log -3 issue 42\n```\n',
        '### Files that would be read\n',
        '```\nsrc/a.ts\n```\n',
      ].join('\n'),
    );
  });

  test('of a script only its file is known before it runs [CMD-5]', async () => {
    expect(await answer('--preview make')).toBe(
      [
        '## Preview of `/make`\n',
        'Nothing of it was run or sent to a model.\n',
        '- From: user, `~/.claude/commands/make.py`\n',
        '### Script that would make the prompt\n',
        '```\n~/.claude/commands/make.py\n```\n',
      ].join('\n'),
    );
  });

  test('tells the author of a command what seems wrong in it [CMD-2] [CMD-5]', async () => {
    const wrong = commandWith({ name: 'one', body: 'Do $1' });
    expect(await answer('--preview /one x', [wrong])).toContain(
      '### Hints\n\n- $1 is the second argument here',
    );
  });

  test('what is hidden in a prompt shows [CMD-5]', async () => {
    const sly = commandWith({ name: 'sly', body: 'Tidy up\u202e\u200b\u001b[2K' });
    expect(await answer('--preview :sly', [sly])).toContain('Tidy up\\u{202e}\\u{200b}\\u{1b}[2K');
  });

  test.each([
    ['/status', '`/status` is built in: it is answered here, and nothing is sent or run.\n'],
    ['/inner', '`/inner` is for the model; a user cannot call it.\n'],
    ['/mkae', 'There is no command `/mkae`. Did you mean `/make`?\n'],
    ['/maek2', 'There is no command `/maek2`.\n'],
    ['/makes', 'There is no command `/makes`. Did you mean `/make`?\n'],
    ['/statu', 'There is no command `/statu`. Did you mean `/status`?\n'],
  ])('of %s it says %j [CMD-5]', async (call, text) => {
    expect(await answer(`--preview ${call}`)).toBe(text);
  });

  test('says why a command cannot be read [CMD-5]', async () => {
    const context = builtInContext();
    const find = (): Promise<{ kind: 'unreadable'; name: string; reason: string }> =>
      Promise.resolve({ kind: 'unreadable', name: 'fix', reason: 'is larger than 8192 KiB' });
    const catalog = { ...context.commands.catalog, find };
    const text = await help('--preview /fix', { ...context, commands: { ...context.commands, catalog } });
    expect(text).toBe('`/fix` cannot be read: is larger than 8192 KiB\n');
  });
});
