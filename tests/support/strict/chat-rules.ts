import { isJsonObject, parseJson, type JsonObject } from '../../../middleware/kernel/json-object.ts';
import { objectAt, objectsIn } from '../../../middleware/protocol/apis/common/read-event.ts';
import { faultsOfParameters, faultsOfStrict, lostMembers } from './schema-rules.ts';
import { unknownMembers } from './unknown-members.ts';

const topMembers = [
  ...[
    'model',
    'messages',
    'tools',
    'tool_choice',
    'parallel_tool_calls',
    'response_format',
    'reasoning_effort',
  ],
  ...['max_tokens', 'temperature', 'top_p', 'stop', 'stream', 'stream_options'],
];
const messageMembers: Readonly<Record<string, readonly string[]>> = {
  system: ['role', 'content'],
  user: ['role', 'content'],
  assistant: ['role', 'content', 'tool_calls', 'reasoning_content', 'provider_specific_fields'],
  tool: ['role', 'content', 'tool_call_id'],
};

interface ChatRules {
  readonly more?: readonly string[];
  readonly takesReasoning?: boolean;
}

/**
 * What providers of nothing but the Chat Completions API refuse. Sources: issues that quote their errors, for unknown
 * members, the role `developer`, messages of tools that answer no call before them, calls that are not answered at
 * once, results that are no text, names of functions over 64 characters, `reasoning_content` where nobody wants it.
 * `more`: members that the provider has of its own; `takesReasoning`: whether it takes its reasoning back.
 */
export function faultsOfChat(
  body: JsonObject,
  { more = [], takesReasoning = false }: ChatRules = {},
): readonly string[] {
  const messages = objectsIn(body['messages']);
  return [
    ...unknownMembers(body, [...topMembers, ...more], 'the request'),
    ...messages.flatMap((message, index) => faultsOfMessage(message, `messages[${index}]`)),
    ...(!takesReasoning && messages.some((message) => 'reasoning_content' in message)
      ? ["property 'reasoning_content' is unsupported"]
      : []),
    ...faultsOfPairs(messages),
    ...faultsOfTools(body),
    ...faultsOfFormat(body),
    ...(messages.at(-1)?.['role'] === 'assistant'
      ? ['Please ensure that single turn requests end with a user role']
      : []),
  ];
}

function faultsOfMessage(message: JsonObject, at: string): readonly string[] {
  const role = String(message['role']);
  const members = messageMembers[role];
  if (members === undefined) return [`${at}: unknown role ${role}`];
  const { content } = message;
  const isText = typeof content === 'string';
  const faults = [...unknownMembers(message, members, at)];
  if (role === 'tool' && !isText) faults.push(`${at}: the content of a tool message has to be a text`);
  if (role === 'user' && (isText ? content.trim() === '' : objectsIn(content).length === 0))
    faults.push(`${at}: empty`);
  const calls = objectsIn(message['tool_calls']);
  if (role === 'assistant' && calls.length === 0 && (!isText || content.trim() === ''))
    faults.push(`${at}: says nothing`);
  return [...faults, ...calls.flatMap((call) => faultsOfCall(call, at))];
}

function faultsOfCall(call: JsonObject, at: string): readonly string[] {
  const called = isJsonObject(call['function']) ? call['function'] : {};
  return [
    ...unknownMembers(call, ['id', 'type', 'function', 'provider_specific_fields'], `${at}.tool_calls`),
    ...(isJsonObject(parseJson(String(called['arguments']))) ? [] : [`${at}: arguments are no JSON object`]),
    ...(typeof call['id'] === 'string' && call['id'].length <= 64
      ? []
      : [`${at}: the id of a call is longer than 64`]),
  ];
}

function faultsOfPairs(messages: readonly JsonObject[]): readonly string[] {
  const faults: string[] = [];
  let waiting = new Set<string>();
  messages.forEach((message, index) => {
    if (message['role'] === 'tool') {
      const id = String(message['tool_call_id']);
      if (!waiting.delete(id))
        faults.push(`messages[${index}]: 'tool' must be a response to a preceding message with 'tool_calls'`);
      return;
    }
    if (waiting.size > 0) faults.push(`messages[${index}]: insufficient tool messages following tool_calls`);
    waiting = new Set(objectsIn(message['tool_calls']).map(({ id }) => String(id)));
  });
  if (waiting.size > 0) faults.push('insufficient tool messages following tool_calls');
  return faults;
}

function faultsOfFormat(body: JsonObject): readonly string[] {
  const { strict, schema } = objectAt(objectAt(body, 'response_format'), 'json_schema');
  return strict === true ? faultsOfStrict(schema, 'response_format') : [];
}

function faultsOfTools(body: JsonObject): readonly string[] {
  const functions = objectsIn(body['tools']).map((tool) =>
    isJsonObject(tool['function']) ? tool['function'] : {},
  );
  const names = functions.map(({ name }) => String(name));
  return [
    ...names
      .filter((name) => !/^[A-Za-z_][\w-]{0,63}$/.test(name))
      .map((name) => `Invalid function name ${name}`),
    ...(new Set(names).size === names.length ? [] : ['function names have to be unique']),
    ...functions.flatMap((tool, index) =>
      unknownMembers(tool, ['name', 'description', 'parameters'], `tools[${index}]`),
    ),
    ...functions.flatMap(({ name, parameters, description }, index) => [
      ...faultsOfParameters(parameters, `tools[${index}]`),
      ...lostMembers(name, parameters, description),
    ]),
  ];
}
