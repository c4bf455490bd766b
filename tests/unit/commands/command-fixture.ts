import type { Command } from '../../../middleware/features/commands/command.ts';

/** A command of a project's `.claude` folder, with whatever a test needs to be different. */
export function commandWith(parts: Partial<Command> = {}): Command {
  return {
    name: 'c',
    namespace: '',
    bareName: undefined,
    kind: 'markdown',
    source: { scope: 'project', family: 'claude', file: '/p/.claude/commands/c.md', baseDir: '/p' },
    alias: undefined,
    description: 'Does things',
    whenToUse: undefined,
    argumentHint: undefined,
    allowedTools: [],
    disallowedTools: [],
    argumentNames: [],
    model: undefined,
    effort: undefined,
    userInvocable: true,
    disableModelInvocation: false,
    hooks: undefined,
    body: 'Body',
    contentHash: 'c0ffee',
    script: undefined,
    ...parts,
  };
}
