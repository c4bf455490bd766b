import { describe, expect, test } from '@jest/globals';
import { previewCommand } from '../../../middleware/features/commands/expand/preview-command.ts';
import { commandWith } from './command-fixture.ts';

const context = { workspace: '/p', sessionId: 's', effort: undefined, positionals: 'auto' } as const;

describe('previewCommand', () => {
  test('shows the resolved prompt, the shell lines and the files, and runs nothing [CMD-5]', () => {
    const body = 'See @$0 and @"b c.md".\n!`git log $0`\n```!\nrm -rf $1\n```';
    expect(previewCommand(commandWith({ body }), 'a.ts dist', context)).toEqual({
      blocks: [
        '<command-message>c</command-message>\n<command-name>/c</command-name>\n<command-args>a.ts dist</command-args>\n',
        'See @a.ts and @"b c.md".\n!`git log a.ts`\n```!\nrm -rf dist\n```',
      ],
      shellLines: ['git log a.ts', 'rm -rf dist'],
      fileReferences: ['a.ts', 'b c.md'],
      script: undefined,
      hints: [],
    });
  });

  test('of a script it tells which file would be run [CMD-5]', () => {
    const source = { ...commandWith().source, file: '/p/.claude/commands/c.py' };
    expect(previewCommand(commandWith({ kind: 'python', source, body: '' }), '', context)).toEqual({
      blocks: ['<command-message>c</command-message>\n<command-name>/c</command-name>\n'],
      shellLines: [],
      fileReferences: [],
      script: '/p/.claude/commands/c.py',
      hints: [],
    });
  });

  test('a hint for the author comes with it [CMD-2]', () => {
    expect(previewCommand(commandWith({ body: '$1' }), 'a b', context).hints).toHaveLength(1);
  });
});
