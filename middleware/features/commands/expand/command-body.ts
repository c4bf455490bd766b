import { dirname } from 'node:path';
import { firstPositional, type Command, type Positionals } from '../command.ts';
import { positionalHint } from './positional-hint.ts';
import { substitute, type Substituted } from './substitute.ts';

interface BodyContext {
  readonly workspace: string;
  readonly sessionId: string;
  readonly effort: string | undefined;
  readonly positionals: Positionals;
  /** A longer text is not made; see `Substituted`. */
  readonly maxLength?: number | undefined;
}

interface CommandBody {
  readonly body: Substituted;
  readonly hints: readonly string[];
}

/** The text of a Markdown command or a skill with its arguments in place; nothing is run or read. */
export function commandBody(command: Command, args: string, context: BodyContext): CommandBody {
  const { workspace, sessionId, positionals } = context;
  const first = firstPositional(command.source.family, positionals);
  const skillDir = command.kind === 'skill' ? dirname(command.source.file) : undefined;
  const {
    text,
    inserted,
    isTooLong = false,
  } = substitute(command.body, {
    args,
    argumentNames: command.argumentNames,
    firstPositional: first,
    variables: {
      CLAUDE_SESSION_ID: sessionId,
      CLAUDE_PROJECT_DIR: workspace,
      CLAUDE_EFFORT: command.effort ?? context.effort,
      CLAUDE_SKILL_DIR: skillDir,
    },
    maxLength: context.maxLength,
  });
  const hint = positionalHint(command.body, first);
  const before = skillDir === undefined ? '' : `Base directory for this skill: ${skillDir}\n\n`;
  return {
    body: {
      text: before + text,
      isTooLong,
      inserted: inserted.map(({ start, end }) => ({
        start: start + before.length,
        end: end + before.length,
      })),
    },
    hints: hint === undefined ? [] : [hint],
  };
}
