import type { Command } from '../commands/command.ts';
import type { CommandPreview } from '../commands/expand/preview-command.ts';
import { codeBlock, codeSpan } from './code-markdown.ts';
import { sourceMarkdown, shortPath, type Places } from './source-markdown.ts';

/** What a call of a command would send and run, for its user to read before. */
export function previewMarkdown(
  command: Command,
  args: string,
  { blocks, shellLines, fileReferences, script, hints }: CommandPreview,
  places: Places | undefined,
): string {
  return [
    `## Preview of ${codeSpan(`/${command.name} ${args}`.trim())}`,
    'Nothing of it was run or sent to a model.',
    factLines(command, places).join('\n'),
    ...(script === undefined
      ? [`### Prompt\n\n${codeBlock(blocks.join('\n'))}`]
      : [`### Script that would make the prompt\n\n${codeBlock(shortPath(script, places))}`]),
    ...listed('Shell lines that would run', shellLines),
    ...listed('Files that would be read', fileReferences),
    ...(hints.length === 0 ? [] : [`### Hints\n\n${hints.map((hint) => `- ${hint}`).join('\n')}`]),
  ]
    .join('\n\n')
    .concat('\n');
}

function factLines(command: Command, places: Places | undefined): readonly string[] {
  const { source, model, effort, allowedTools, disallowedTools } = command;
  return [
    `- From: ${sourceMarkdown(source, places)}`,
    ...(model === undefined ? [] : [`- Model: ${codeSpan(model)}`]),
    ...(effort === undefined ? [] : [`- Effort: ${codeSpan(effort)}`]),
    ...toolLine('Allowed tools', allowedTools),
    ...toolLine('Tools not allowed', disallowedTools),
  ];
}

function toolLine(title: string, tools: readonly string[]): readonly string[] {
  return tools.length === 0 ? [] : [`- ${title}: ${tools.map((tool) => codeSpan(tool)).join(', ')}`];
}

function listed(title: string, texts: readonly string[]): readonly string[] {
  return texts.length === 0 ? [] : [`### ${title}\n\n${texts.map((text) => codeBlock(text)).join('\n\n')}`];
}
