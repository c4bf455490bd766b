import { isJsonObject, parseJson, type JsonObject } from '../../../middleware/kernel/json-object.ts';
import { objectAt, objectsIn, textAt } from '../../../middleware/protocol/apis/common/read-event.ts';
import { findViolations } from '../fake-upstream/invariants.ts';
import { faultsOfParameters, faultsOfStrict, lostMembers } from './schema-rules.ts';
import { unknownMembers } from './unknown-members.ts';

const topMembers = [
  ...['model', 'instructions', 'input', 'tools', 'tool_choice', 'parallel_tool_calls', 'text', 'reasoning'],
  ...['include', 'temperature', 'top_p', 'max_output_tokens', 'prompt_cache_key', 'store', 'stream'],
];
const itemMembers: Readonly<Record<string, readonly string[]>> = {
  message: ['type', 'role', 'content'],
  reasoning: ['type', 'summary', 'encrypted_content'],
  function_call: ['type', 'call_id', 'name', 'arguments'],
  function_call_output: ['type', 'call_id', 'output'],
};
const partMembers: Readonly<Record<string, readonly string[]>> = {
  input_text: ['type', 'text'],
  input_image: ['type', 'image_url', 'detail'],
  input_file: ['type', 'filename', 'file_data'],
  output_text: ['type', 'text', 'annotations'],
};

/**
 * What OpenAI refuses of a request that keeps nothing there. Sources: its OpenAPI description, for members, roles, least numbers and
 * the lengths of ids and names; issues that quote its errors, for calls and outputs without each other, thoughts without what came of
 * them, and sampling of models that reason.
 */
export function faultsOfResponses(body: JsonObject, reasons: boolean): readonly string[] {
  const input = objectsIn(body['input']);
  const most = body['max_output_tokens'];
  return [
    ...unknownMembers(body, topMembers, 'the request'),
    ...findViolations(body),
    ...input.flatMap((item, index) => faultsOfItem(item, `input[${index}]`)),
    ...faultsOfOrder(input),
    ...(typeof most === 'number' && most < 16 ? ['max_output_tokens: Expected a value >= 16'] : []),
    ...(reasons && ('temperature' in body || 'top_p' in body)
      ? ["Unsupported parameter: 'temperature'"]
      : []),
    ...(!reasons && 'include' in body ? ['Encrypted content is not supported with this model.'] : []),
    ...faultsOfTools(body),
    ...faultsOfFormat(body),
  ];
}

function faultsOfItem(item: JsonObject, at: string): readonly string[] {
  const type = String(item['type']);
  const { role, content, output } = item;
  const [callId, args] = [textAt(item, 'call_id'), item['arguments']];
  const parts = objectsIn(type === 'message' ? content : output);
  const faults = [...unknownMembers(item, itemMembers[type] ?? [], at), ...parts.flatMap(faultsOfPart(at))];
  if (type === 'message' && parts.length === 0) faults.push(`${at}.content: empty`);
  const said = role === 'assistant' ? 'output_text' : 'input_';
  if (type === 'message' && !parts.every((part) => String(part['type']).startsWith(said)))
    faults.push(`${at}.content: invalid for the role ${String(role)}`);
  if (callId.length > 64) faults.push(`${at}.call_id: string too long`);
  if (typeof args === 'string' && !isJsonObject(parseJson(args))) faults.push(`${at}.arguments: no JSON`);
  return faults;
}

function faultsOfPart(at: string): (part: JsonObject) => readonly string[] {
  return (part) => {
    const faults = unknownMembers(part, partMembers[String(part['type'])] ?? [], `${at}.content`);
    return part['text'] === '' ? [...faults, `${at}: an empty text`] : faults;
  };
}

/** An output stands behind its call, and a thought before what came of it. */
function faultsOfOrder(input: readonly JsonObject[]): readonly string[] {
  const calls = new Set<unknown>();
  return input.flatMap(({ type, call_id: callId }, index) => {
    if (type === 'function_call') calls.add(callId);
    if (type === 'function_call_output' && !calls.has(callId)) return [`input[${index}]: no call before it`];
    const next = input[index + 1];
    const hasOutput =
      ['reasoning', 'function_call'].includes(String(next?.['type'])) || next?.['role'] === 'assistant';
    return type === 'reasoning' && !hasOutput
      ? [`input[${index}] of type 'reasoning' was provided without its required following item.`]
      : [];
  });
}

function faultsOfFormat(body: JsonObject): readonly string[] {
  const { type, strict, schema } = objectAt(objectAt(body, 'text'), 'format');
  return type === 'json_schema' && strict === true ? faultsOfStrict(schema, 'text.format') : [];
}

function faultsOfTools(body: JsonObject): readonly string[] {
  const tools = objectsIn(body['tools']);
  const names = tools.map(({ name }) => String(name));
  return [
    ...names.filter((name) => !/^[\w-]{1,64}$/.test(name)).map((name) => `Invalid name ${name}`),
    ...(new Set(names).size === names.length ? [] : ['names have to be unique']),
    ...tools.flatMap((tool, index) =>
      unknownMembers(tool, ['type', 'name', 'description', 'parameters', 'strict'], `tools[${index}]`),
    ),
    ...tools.flatMap(({ name, parameters, description, strict }, index) => [
      ...lostMembers(name, parameters, description),
      ...faultsOfParameters(parameters, `tools[${index}]`),
      ...(strict === true ? faultsOfStrict(parameters, `tools[${index}]`) : []),
    ]),
    ...(names.length === 0 && 'tool_choice' in body ? ['tool_choice is only allowed with tools'] : []),
  ];
}
