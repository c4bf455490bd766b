import type { ElicitResult, InputRequest } from '@modelcontextprotocol/client';
import { isJsonObject, type JsonObject } from '../../../kernel/json-object.ts';
import { visibleLine, visibleText } from '../../../kernel/visible-text.ts';
import { withoutFraming } from '../../../protocol/conversation/without-framing.ts';
import { formFields, type FieldKind, type FieldValue, type FormField } from './form-field.ts';
import { goesToServer, staysThere } from './question-sign.ts';
import { checkContent, formatNames, hasAllDefaults, readForm, type FormContent } from './read-form.ts';

/** What a server asks, as the protocol has it. */
export type ServerRequest = InputRequest;

/** What a server gets for it, as the protocol has it. */
export type ServerAnswer = ElicitResult;

/** A question of a server as the user of a conversation is asked it. */
export interface UserQuestion {
  /** `problems`: what was wrong with the answer before. `mark`: tells it from another one in the same words. */
  readonly text: (problems: readonly string[], mark: string) => string;
  readonly read: (text: string) => UserReply;
  /** The same of a program that accepts in the user's place, with values for the fields. */
  readonly accept: (content: JsonObject) => UserReply;
}

/** What a user's message says to it: an answer for the server, or something that is none. */
export type UserReply =
  | { readonly kind: 'reply'; readonly result: ElicitResult }
  | { readonly kind: 'unclear'; readonly problems: readonly string[] };

/** The question, or why nobody is asked it. */
export type QuestionReading =
  | { readonly kind: 'question'; readonly question: UserQuestion }
  | { readonly kind: 'refused'; readonly fault: string };

const maxName = 64;
const maxMessage = 2_000;
/** More than a name can have that is looked up, with its port. */
const maxHost = 300;
/** Of all that a server says in a question. */
const maxShown = 10_000;
const maxLine = 500;

/** Reads what a server asks of a user while it works on a call of a tool. */
export function userQuestion(
  { method, params }: Pick<InputRequest, 'method' | 'params'>,
  { server, tool }: { readonly server: string; readonly tool: string },
): QuestionReading {
  if (method !== 'elicitation/create') return refused(`it asks for ${visibleLine(method, 100)}`);
  const asked: JsonObject = isJsonObject(params) ? params : {};
  const message = asked['message'];
  const words = typeof message === 'string' ? message : '';
  const whose = `MCP server "${plainName(server, /[^\p{L}\p{N} _.-]/gu)}" (tool ${plainName(tool, /[^\p{L}\p{N}_.-]/gu)})`;
  return asked['mode'] === 'url'
    ? linkQuestion(asked['url'], words, whose)
    : formQuestion(asked['requestedSchema'], words, whose);
}

/** Names stand among words of ours: nothing in one makes another sentence, a link or bold letters of it. */
function plainName(name: string, others: RegExp): string {
  return visibleLine(name.replaceAll(others, '?'), maxName);
}

function refused(fault: string): QuestionReading {
  return { kind: 'refused', fault };
}

function formQuestion(schema: unknown, message: string, whose: string): QuestionReading {
  const reading = formFields(schema);
  if (reading.kind === 'refused') return reading;
  const { fields } = reading;
  const said = quoted([
    ...shortened(message),
    ...(fields.length > 0 ? [''] : []),
    ...fields.flatMap(linesOf),
  ]);
  if (said.length > maxShown) return refused(`its form is longer than ${maxShown} characters`);
  return {
    kind: 'question',
    question: {
      text: (problems, mark) =>
        [
          ...[`${whose} asks:`, '', said, '', goesToServer, '', howToAnswer(fields)],
          ...toldAgain(problems),
          ...marked(mark),
        ].join('\n'),
      read: (text) => {
        const word = refusalIn(text);
        if (word !== undefined) return word;
        if (fields.length === 0) return agreement(text, ['accept', 'y', 'yes', 'ok']);
        return accepted(readForm(text, fields));
      },
      accept: (content) => (fields.length === 0 ? agreed : accepted(checkContent(content, fields))),
    },
  };
}

function linkQuestion(url: unknown, message: string, whose: string): QuestionReading {
  const link = typeof url === 'string' && URL.canParse(url) ? new URL(url) : undefined;
  if (link === undefined || !['http:', 'https:'].includes(link.protocol))
    return refused('it wants a link to be opened that is none of the web');
  if (link.username !== '' || link.password !== '')
    return refused('it wants a link to be opened that has a user name before the host');
  // Percent-encoded, and with the host as it is looked up: nothing in it looks like something else.
  const { href, host } = link;
  if (host.length > maxHost) return refused('the host of its link is longer than one can be');
  if (href.length > maxMessage) return refused(`its link is longer than ${maxMessage} characters`);
  return {
    kind: 'question',
    question: {
      text: (problems, mark) =>
        [
          `${whose} wants you to open a page of ${host}:`,
          '',
          quoted([...shortened(message), '', href]),
          '',
          `Open it only if you trust ${host}. ${staysThere}`,
          '',
          'Answer `done` once you are through, `decline`, or `cancel`.',
          ...toldAgain(problems),
          ...marked(mark),
        ].join('\n'),
      read: (text) => refusalIn(text) ?? agreement(text, ['done', 'accept', 'y', 'yes', 'ok']),
      accept: () => agreed,
    },
  };
}

/** What a server says stands in a block of its own, in which nothing reads like words of ours. */
function quoted(lines: readonly string[]): string {
  return withoutFraming(lines.map((line) => `    ${line}`.trimEnd()).join('\n'));
}

function shortened(message: string): readonly string[] {
  const text = message.length > maxMessage ? `${message.slice(0, maxMessage)} …` : message;
  return visibleText(text.toWellFormed()).split('\n');
}

/** Behind the question: in front of a long form nobody would see them. */
function toldAgain(problems: readonly string[]): readonly string[] {
  return problems.length === 0 ? [] : ['', ...problems];
}

/** Clients without a session may begin alike, and then only the text of a question tells whose call it is of. */
function marked(mark: string): readonly string[] {
  return ['', `(question ${mark})`];
}

function linesOf({ name, title, description, isRequired, kind, byDefault }: FormField): readonly string[] {
  const is = [
    describedKind(kind),
    ...(isRequired && byDefault === undefined ? ['required'] : []),
    ...(byDefault === undefined ? [] : [`default ${visibleLine(defaultText(byDefault), maxLine)}`]),
  ].join(', ');
  const about = [title, description].filter((text) => text !== undefined && text !== name).join('. ');
  return [`- ${name} (${is})${about === '' ? '' : `: ${about}`}`, ...choiceLines(kind)];
}

function describedKind(kind: FieldKind): string {
  switch (kind.kind) {
    case 'text': {
      const { format = '' } = kind;
      return formatNames.get(format) ?? 'text';
    }
    case 'number':
      return `${kind.isInteger ? 'whole number' : 'number'}${rangeOf(kind.min, kind.max)}`;
    case 'yes or no':
      return 'yes or no';
    case 'choice':
      return 'one of these';
    case 'choices':
      return 'any of these, with commas between them';
  }
}

function rangeOf(min: number, max: number): string {
  const from = Number.isFinite(min) ? ` from ${min}` : '';
  return Number.isFinite(max) ? `${from} up to ${max}` : from;
}

function choiceLines(kind: FieldKind): readonly string[] {
  if (!('choices' in kind)) return [];
  return kind.choices.map(({ value, title }) =>
    title === undefined || title === value ? `    - ${value}` : `    - ${value}: ${title}`,
  );
}

function defaultText(value: FieldValue): string {
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  return Array.isArray(value) ? value.join(', ') : String(value);
}

function howToAnswer(fields: readonly FormField[]): string {
  if (fields.length === 0) return 'Answer `accept`, `decline` or `cancel`.';
  const way =
    fields.length === 1
      ? 'Answer with the value'
      : 'Answer with a line `field: value` for each field that you fill in';
  return `${way}${hasAllDefaults(fields) ? ', `accept` to leave all as it is' : ''}, \`decline\`, or \`cancel\`.`;
}

function refusalIn(text: string): UserReply | undefined {
  const word = text.trim().toLowerCase();
  return word === 'decline' || word === 'cancel' ? { kind: 'reply', result: { action: word } } : undefined;
}

function agreement(text: string, words: readonly string[]): UserReply {
  if (words.includes(text.trim().toLowerCase())) return agreed;
  return { kind: 'unclear', problems: ['That is no answer to it.'] };
}

const agreed: UserReply = { kind: 'reply', result: { action: 'accept' } };

function accepted(form: FormContent): UserReply {
  return form.kind === 'wrong'
    ? { kind: 'unclear', problems: form.problems }
    : { kind: 'reply', result: { action: 'accept', content: mutable(form.content) } };
}

/** As the protocol's types want it. */
function mutable(
  content: Readonly<Record<string, FieldValue>>,
): Record<string, string | number | boolean | string[]> {
  return Object.fromEntries(
    Object.entries(content).map(([name, value]) => [name, typeof value === 'object' ? [...value] : value]),
  );
}
