import { visibleLine, visibleText } from '../../features/trust/visible-text.ts';
import type { NamedCall } from './call-rules.ts';

const maxCharacters = 2_000;

/** The question whether a call of the model may run, for the conversation. */
export function callQuestion({ tool, input }: NamedCall, why: string): string {
  const { command } = input;
  const shown = typeof command === 'string' ? command : JSON.stringify(input, null, 2);
  const cut = shown.length > maxCharacters ? `${shown.slice(0, maxCharacters)}\n…` : shown;
  const lines = visibleText(cut).split('\n');
  return [
    `The model wants to use ${visibleLine(tool, 200)}:`,
    '',
    ...lines.map((line) => `    ${line}`),
    '',
    visibleLine(why, 500),
    '',
    'Allow? (Y)es/(N)o/(A)lways',
  ].join('\n');
}
