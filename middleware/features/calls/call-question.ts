import { createHash } from 'node:crypto';
import { visibleLine, visibleText } from '../../kernel/visible-text.ts';
import { askLine } from '../trust/ask-line.ts';
import type { ClaudeToolUse } from '../../protocol/claude-tools/tool-mapping.ts';

/** Whoever allows a line or code allows all of it. */
const maxCharacters = 20_000;
/** Of a text in another input, so that its other members are seen. */
const maxMember = 2_000;

/** What an input may have beside a line without changing what it does. */
const besideLine: ReadonlySet<string> = new Set(['command', 'description', 'timeout']);

/** The question whether a call of the model may run, for the conversation. */
export function callQuestion({ tool, input, isCode }: ClaudeToolUse, why: string): string {
  const { command, input: code } = input;
  const isLine = tool === 'Bash' && Object.keys(input).every((member) => besideLine.has(member));
  const text = isCode === true ? code : isLine ? command : undefined;
  const shown = typeof text === 'string' ? text : JSON.stringify(input, shortMember, 2);
  const lines = visibleText(shortened(shown, maxCharacters)).split('\n');
  return [
    `The model wants to use ${visibleLine(tool, 200)}:`,
    '',
    ...lines.map((line) => `    ${line}`),
    '',
    visibleLine(why, 500),
    '',
    askLine,
  ].join('\n');
}

/** What is left out is told, and it is never the end: what stands there runs as well. */
function shortened(text: string, maxLength: number): string {
  const left = text.length - maxLength;
  if (left <= 0) return text;
  const half = maxLength / 2;
  // Two that differ only in what is left out are two questions: a yes to one is none to the other.
  const digest = createHash('sha256').update(text).digest('hex');
  return `${text.slice(0, half)}\n… ${left} characters are not shown here …\n(SHA-256 of all: ${digest})\n${text.slice(-half)}`;
}

function shortMember(_name: string, value: unknown): unknown {
  return typeof value === 'string' ? shortened(value, maxMember) : value;
}

/** What a question is about, without the words that ask. */
export function withoutChoices(question: string): string {
  return question.endsWith(askLine) ? question.slice(0, -askLine.length).trimEnd() : question;
}

/** Several questions as one: a yes is for all of them. */
export function joinedQuestion(questions: readonly string[]): string {
  return [...questions.map(withoutChoices), askLine].join('\n\n');
}
