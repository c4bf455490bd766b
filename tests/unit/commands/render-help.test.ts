import { describe, expect, test } from '@jest/globals';
import { renderHelp } from '../../../middleware/features/commands/help/render-help.ts';
import { commandWith } from './command-fixture.ts';

const user = {
  scope: 'user',
  family: 'claude',
  file: '/h/.claude/commands/t.md',
  baseDir: '/h/.claude',
} as const;
const commands = [
  commandWith({
    name: 'frontend:component',
    namespace: 'frontend',
    argumentHint: '[name]',
    description: 'Makes a component',
  }),
  commandWith({ name: 'fix' }),
  commandWith({ name: 'hidden', userInvocable: false }),
  commandWith({ name: 'tidy', description: 'Tidies up', source: user }),
];
const builtIns = [{ name: 'help', argumentHint: '[pattern]', description: 'Lists commands' }];
const help = (pattern?: string) => renderHelp({ commands, builtIns, pattern });

describe('renderHelp', () => {
  test('lists what a user can call by scope, with hints and namespaces [CMD-1] [CMD-4]', () => {
    expect(help()).toBe(
      [
        '## Built-in commands\n\n- `/help [pattern]`: Lists commands',
        '## Project commands\n\n- `/frontend:component [name]`: Makes a component (project:frontend)\n- `/fix`: Does things (project)',
        '## User commands\n\n- `/tidy`: Tidies up (user)\n',
      ].join('\n\n'),
    );
  });

  test.each(['comp', '/COMP', 'front*nent', 'makes*component'])(
    'the pattern %j finds one command [CMD-4]',
    (pattern) => {
      expect(help(pattern)).toBe(
        '## Project commands\n\n- `/frontend:component [name]`: Makes a component (project:frontend)\n',
      );
    },
  );

  test('what has the name of a command is listed once, as the command [CMD-4]', () => {
    const prompt = { name: 'fix', server: 's', prompt: 'fix', description: 'Mends', args: [] };
    const built = [...builtIns, { name: 'tidy', argumentHint: undefined, description: 'Cleans' }];
    const text = renderHelp({ commands, builtIns: built, prompts: [prompt], pattern: undefined });
    expect(text.match(/`\/(?:fix|tidy)`.*/g)).toEqual([
      '`/fix`: Does things (project)',
      '`/tidy`: Tidies up (user)',
    ]);
  });

  test('where nothing matches, a near name is suggested [CMD-4]', () => {
    expect(help('tydi')).toBe('No command matches `tydi`.\n');
    expect(help('tidey')).toBe('No command matches `tidey`. Did you mean `/tidy`?\n');
  });

  test('lists prompts of MCP servers with their arguments, and servers whose prompts come later [MCP-3] [CMD-4]', () => {
    const args = [
      { name: 'who', isRequired: true },
      { name: 'how', isRequired: false },
    ];
    const greet = {
      name: 'mcp__notes__greet',
      server: 'notes',
      prompt: 'greet',
      description: 'Greets',
      args,
    };
    const text = renderHelp({
      ...{ commands: [], builtIns: [], pattern: '', sign: '$' },
      ...{ prompts: [greet, { ...greet, name: 'mcp__notes__tidy', args: [] }], starting: ['slow'] },
    });
    expect(text).toContain(
      [
        '## Prompts of MCP servers\n',
        '- `$mcp__notes__greet <who> [how]`: Greets',
        '- `$mcp__notes__tidy`: Greets',
        '- … `slow` is being started; its prompts show the next time\n',
      ].join('\n'),
    );
  });

  test('where there are no commands, it says so [CMD-4]', () => {
    expect(renderHelp({ commands: [], builtIns: [], pattern: undefined })).toBe(
      'There are no commands here.\n',
    );
  });
});
