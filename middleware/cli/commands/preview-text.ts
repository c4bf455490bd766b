import { visibleLine, visibleText } from '../../kernel/visible-text.ts';
import { sourceText } from '../config/source-text.ts';
import { shortPath, type Places } from '../config/short-path.ts';
import { trustTexts } from '../trust/trust-state.ts';
import type { CommandPromptPreview, PromptPreview } from './preview-prompt.ts';

/** A preview for people. */
export function previewText(preview: PromptPreview, places: Places): string {
  if (preview.kind === 'built-in') {
    return `/${preview.name} is built in: Codex-Plus answers it, and nothing goes to a model`;
  }
  const { script, blocks, shellLines, fileReferences, hints, trust } = preview;
  const waits = trust === 'not-needed' ? '' : ` (${trustTexts[trust]})`;
  return [
    `/${visibleLine(preview.name, 100)} of ${sourceText(preview.source, places)}`,
    script === undefined
      ? section('Prompt', blocks.join('\n'))
      : section(`Script that makes the prompt${waits}`, shortPath(script, places)),
    section(`Shell lines${waits}`, shellLines.map(shellText).join('\n')),
    section('Files', fileReferences.join('\n')),
    section('Hints', hints.join('\n')),
    'Nothing was run or sent.',
  ]
    .filter((text) => text !== '')
    .join('\n\n');
}

function shellText({ command, decision }: CommandPromptPreview['shellLines'][number]): string {
  const { behavior, reason } = decision;
  return `${command}\n  ${behavior === 'allow' ? reason : `Not allowed: ${reason}`}`;
}

function section(title: string, text: string): string {
  return text === ''
    ? ''
    : `${title}:\n${visibleText(text)
        .trimEnd()
        .replace(/^(?=.)/gm, '  ')}`;
}
