import { visibleLine, visibleText } from '../../features/trust/visible-text.ts';
import type { NamedCall } from './call-rules.ts';

const maxCharacters = 2_000;

const choices = 'Allow? (Y)es/(N)o/(A)lways';

/** The question whether a call of the model may run, for the conversation. */
export function callQuestion({ tool, input, isCode }: NamedCall, why: string): string {
  const { command, input: code } = input;
  const text = isCode === true ? code : command;
  const shown = typeof text === 'string' ? text : JSON.stringify(input, null, 2);
  const cut = shown.length > maxCharacters ? `${shown.slice(0, maxCharacters)}\n…` : shown;
  const lines = visibleText(cut).split('\n');
  return [
    `The model wants to use ${visibleLine(tool, 200)}:`,
    '',
    ...lines.map((line) => `    ${line}`),
    '',
    visibleLine(why, 500),
    '',
    choices,
  ].join('\n');
}

/** What a question is about, without the words that ask. */
export function withoutChoices(question: string): string {
  return question.endsWith(choices) ? question.slice(0, -choices.length).trimEnd() : question;
}

/** Several questions as one: a yes is for all of them. */
export function joinedQuestion(questions: readonly string[]): string {
  return [...questions.map(withoutChoices), choices].join('\n\n');
}
