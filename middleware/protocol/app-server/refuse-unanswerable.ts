import { CodexPlusError, wrongMember } from '../../kernel/errors.ts';
import type { ContentPart, Entry, ModelRequest } from '../translation/model-request.ts';
import { pictureType } from '../translation/picture-type.ts';
import { saysSomething } from '../translation/repair-history.ts';
import { brokenSchema } from '../translation/schemas/broken-schema.ts';

/** Throws a CodexPlusError for what Codex would refuse once a thread of it runs, or would pass over, and says where it stands. */
export function refuseUnanswerable(asked: ModelRequest): void {
  const { entries, tools, format } = asked;
  if (!entries.some((entry) => entry.kind !== 'instructions' && saysSomething(entry)))
    throw refused(
      'the conversation is empty: nothing in it can be answered; send a message of the user at least',
    );
  for (const { name, parameters } of tools) {
    if (name === '') throw wrongMember('tools', 'a tool has no name');
    const fault = brokenSchema(parameters ?? {}) ?? wrongTop(parameters?.['type']);
    if (fault !== undefined)
      throw wrongMember('tools', `the JSON schema of the tool "${name}" cannot be read: ${fault}`);
  }
  const fault = format?.schema === undefined ? undefined : brokenSchema(format.schema, 'schema');
  if (fault !== undefined) throw refused(`the JSON schema of the answer's form cannot be read: ${fault}`);
  refuseChoice(asked);
  for (const entry of entries) refuseParts(entry);
}

function wrongTop(type: unknown): string | undefined {
  const isObject = type === undefined || [type].flat().includes('object');
  return isObject ? undefined : 'parameters.type has to be object';
}

function refuseChoice({ toolChoice, tools, entries }: ModelRequest): void {
  if (toolChoice === undefined || toolChoice.kind === 'auto' || toolChoice.kind === 'none') return;
  const found = entries.flatMap((entry) => (entry.kind === 'result' ? entry.foundTools : []));
  const offered = [...tools, ...found];
  if (offered.length === 0)
    throw wrongMember(
      'tool_choice',
      '`tool_choice` asks for a call of a tool, and `tools` has none that this model could call',
    );
  if (toolChoice.kind !== 'tool') return;
  const { namespace, name } = toolChoice.tool;
  if (!offered.some((tool) => tool.namespace === namespace && tool.name === name))
    throw wrongMember('tool_choice', `\`tool_choice\` names the tool "${name}", which is not in \`tools\``);
}

/** How much of an address is quoted. */
const maxQuoted = 100;

/** What a tool gave is told to the model in words where Codex cannot show it; the user's own is not passed over. */
function refuseParts(entry: Entry): void {
  if (entry.kind !== 'user' && entry.kind !== 'result') return;
  const isOfUser = entry.kind === 'user';
  if (isOfUser) refuseLeftOut(entry.parts);
  for (const part of entry.parts) {
    const fault = faultOf(part, isOfUser);
    if (fault !== undefined) throw refused(fault);
  }
}

/** What a message says beside such parts is answered; one that says nothing else would be answered as if it did. */
function refuseLeftOut(parts: readonly ContentPart[]): void {
  const types = parts.map((part) => (part.kind === 'text' ? part.leftOut : undefined));
  const [type] = types;
  if (type === undefined || types.includes(undefined)) return;
  throw refused(
    `a message of the user is nothing but "${type}", which Codex does not take; send texts and images`,
  );
}

function faultOf(part: ContentPart, isOfUser: boolean): string | undefined {
  if (part.kind === 'image') {
    const { url, data = '' } = part;
    if (url !== undefined)
      return `an image is at ${JSON.stringify(url.slice(0, maxQuoted))}, and Codex fetches none; send the image itself, as a data URL (data:image/png;base64,…) or as base64`;
    const isKnown = pictureType(data) !== undefined;
    return isOfUser && !isKnown ? 'an image is no PNG, JPEG, GIF or WebP in base64' : undefined;
  }
  if (part.kind !== 'file' || part.mediaType.startsWith('text/')) return undefined;
  return isOfUser || part.mediaType === 'application/pdf'
    ? `the file "${part.name ?? 'unnamed'}" is ${part.mediaType}, and Codex takes texts and images; send what it says as text`
    : undefined;
}

function refused(message: string): CodexPlusError {
  return new CodexPlusError('invalid_body', message);
}
