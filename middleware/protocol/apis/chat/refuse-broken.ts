import { wrongMember } from '../../../kernel/errors.ts';
import type { ApiRequest } from '../../../kernel/exchange.ts';
import { isGiven, isJsonObject, listIn, objectIn, type JsonObject } from '../../../kernel/json-object.ts';
import { arrayElements, lastMember } from '../../json/json-members.ts';
import { refuseOddParts } from '../../translation/options/odd-parts.ts';
import { refuseOddTools, typeOfTool } from '../../translation/options/odd-tools.ts';
import { requireMessages } from '../common/checks/require-messages.ts';
import { isText, objectsIn } from '../common/read-event.ts';

/** Throws a CodexPlusError that names the member which nobody could make sense of; what is left out or `null` is fine. */
export function refuseBroken({ messages, tools, n }: JsonObject): void {
  for (const [at, message] of requireMessages(messages).entries())
    refuseBrokenMessage(message, `messages[${at}]`);
  if (isGiven(n) && !(Number.isInteger(n) && Number(n) > 0))
    throw wrongMember('n', '`n` has to be a whole number above 0');
  if (!isGiven(tools)) return;
  if (!Array.isArray(tools)) throw wrongMember('tools', '`tools` has to be a list of tools');
  for (const [at, tool] of (tools as unknown[]).entries()) refuseBrokenTool(tool, `tools[${at}]`);
}

function refuseBrokenMessage({ role, content, tool_call_id: callId }: JsonObject, at: string): void {
  if (!roles.has(role))
    throw wrongMember(
      `${at}.role`,
      `\`${at}\` has the role ${JSON.stringify(role)}; there are system, developer, user, assistant and tool`,
    );
  if (isGiven(content) && typeof content !== 'string' && !Array.isArray(content))
    throw wrongMember(`${at}.content`, `\`${at}.content\` has to be a text or a list of parts`);
  if (role === 'user' && !isGiven(content))
    throw wrongMember(`${at}.content`, `\`${at}\` has no \`content\``);
  if (role === 'tool' && typeof callId !== 'string')
    throw wrongMember(
      `${at}.tool_call_id`,
      `\`${at}\` has no \`tool_call_id\`: the id of the call whose result it is`,
    );
}

/** The last one is the older form of `tool`. */
const roles: ReadonlySet<unknown> = new Set([
  ...['system', 'developer', 'user', 'assistant', 'tool', 'function'],
]);

function refuseBrokenTool(tool: unknown, at: string): void {
  if (!isJsonObject(tool)) throw wrongMember(at, `\`${at}\` has to be an object`);
  if (tool['type'] !== 'function') return;
  const { name, parameters } = objectIn(tool['function']);
  if (typeof name !== 'string' || name === '')
    throw wrongMember(`${at}.function.name`, `\`${at}.function\` has no \`name\``);
  if (isGiven(parameters) && !isJsonObject(parameters))
    throw wrongMember(
      `${at}.function.parameters`,
      `\`${at}.function.parameters\` has to be an object: the JSON schema of the input of "${name}"`,
    );
}

/** Throws a CodexPlusError for what a provider would not notice itself, and names the member. */
export function refuseOddChat(body: JsonObject): void {
  refuseLostResults(body);
  if (isGiven(body['stream_options']) && body['stream'] !== true)
    throw wrongMember(
      'stream_options',
      '`stream_options` is of streams: send `stream` with true, or leave it out',
    );
  refuseOddParts(body['messages'], 'messages', ['text']);
  refuseOddTools(body['tools'], (tool, at) => {
    const type = typeOfTool(tool, at);
    return type === 'function' || type === 'custom' ? type : undefined;
  });
}

/** For a result of a tool that nobody called before it, as OpenAI refuses it. */
function refuseLostResults({ messages }: JsonObject): void {
  const called = new Set<unknown>();
  for (const [at, message] of listIn(messages).entries()) {
    const { role, tool_calls: calls, tool_call_id: callId } = objectIn(message);
    for (const { id } of objectsIn(calls)) called.add(id);
    if (role === 'tool' && typeof callId === 'string' && !called.has(callId))
      throw wrongMember(
        `messages[${at}].tool_call_id`,
        `messages with role 'tool' must be a response to a preceding message with 'tool_calls': \`messages[${at}]\` answers the call ${JSON.stringify(callId.slice(0, maxQuoted))}, which none before it has`,
      );
  }
}

/** Throws a CodexPlusError for a conversation without a message: told of a request that is not looked at otherwise. */
export function refuseNoMessages({ json }: ApiRequest): void {
  const list = lastMember(json, 'messages');
  if (list !== undefined && arrayElements(json, list)?.length === 0) requireMessages([]);
}

/** Throws a CodexPlusError that names the member of a request which its provider could not be asked with. */
export function refuseFaulty(body: JsonObject): void {
  refuseBroken(body);
  refuseLostResults(body);
  for (const [at, message] of objectsIn(body['messages']).entries()) {
    const { content, tool_calls: calls } = message;
    for (const [index, part] of listIn(content).entries())
      refuseFaultyPart(part, `messages[${at}].content[${index}]`);
    for (const [index, call] of listIn(calls).entries())
      refuseFaultyCall(call, `messages[${at}].tool_calls[${index}]`);
  }
}

function refuseFaultyPart(part: unknown, at: string): void {
  if (!isJsonObject(part) || !isText(part['type']))
    throw wrongMember(at, `\`${at}\` has to be an object with a \`type\``);
  const { type } = part;
  if (partMembers.has(type) && !isGiven(part[type]))
    throw wrongMember(at, `\`${at}\` is of the type "${type}" and has no \`${type}\``);
}

/** Types of parts that have what they say in a member of the same name. */
const partMembers: ReadonlySet<string> = new Set(['text', 'image_url', 'input_audio', 'file', 'refusal']);

function refuseFaultyCall(call: unknown, at: string): void {
  const called = objectIn(objectIn(call)[objectIn(call)['type'] === 'custom' ? 'custom' : 'function']);
  if (!isText(called['name']))
    throw wrongMember(
      at,
      `\`${at}\` has to be a call: an object with \`function\`, in which its \`name\` stands`,
    );
}

/** How much of an id is quoted. */
const maxQuoted = 100;
