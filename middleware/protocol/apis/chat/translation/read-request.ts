import { CodexPlusError } from '../../../../kernel/errors.ts';
import type { JsonObject } from '../../../../kernel/json-object.ts';
import type { AnswerFormat, ModelRequest, Tool, ToolChoice } from '../../../translation/model-request.ts';
import { askedThinking } from '../../common/asked-thinking.ts';
import { numberAt } from '../../common/number-at.ts';
import { flagAt, isText, objectAt, objectsIn, textAt } from '../../common/read-event.ts';
import { readChatMessage } from './read-messages.ts';

/** A request of the Chat Completions API as the SDKs of OpenAI write it, and with what LiteLLM's clients have beside it. */
export function readChatRequest(body: JsonObject): ModelRequest {
  refuseWhatNobodyElseHas(body);
  return {
    model: textAt(body, 'model'),
    isStreamed: body['stream'] === true,
    entries: messagesOf(body['messages']).flatMap(readChatMessage),
    tools: objectsIn(body['tools']).flatMap(readTool),
    toolChoice: readToolChoice(body['tool_choice']),
    parallelCalls: flagAt(body, 'parallel_tool_calls'),
    reasoning: askedThinking(body, textAt(body, 'reasoning_effort')),
    format: readFormat(objectAt(body, 'response_format')),
    maxOutputTokens: numberAt(body, 'max_completion_tokens') ?? numberAt(body, 'max_tokens'),
    temperature: numberAt(body, 'temperature'),
    topP: numberAt(body, 'top_p'),
    stops: readStops(body['stop']),
    cacheKey: textAt(body, 'prompt_cache_key') || undefined,
    wantsUsage: objectAt(body, 'stream_options')['include_usage'] === true,
  };
}

function refuseWhatNobodyElseHas({ n, functions }: JsonObject): void {
  if (typeof n === 'number' && n > 1)
    throw new CodexPlusError(
      'invalid_body',
      `\`n\` is ${n}, and this model's provider gives one answer to a request; leave it out, or send the request ${n} times`,
    );
  if (Array.isArray(functions) && functions.length > 0)
    throw new CodexPlusError(
      'invalid_body',
      "`functions` is the older form of `tools`, which this model's provider has no place for; send `tools`",
    );
}

function messagesOf(messages: unknown): readonly JsonObject[] {
  if (!Array.isArray(messages))
    throw new CodexPlusError('invalid_body', '`messages` has to be a list of messages');
  return objectsIn(messages);
}

/** What a provider would run itself is left out. */
function readTool(tool: JsonObject): readonly Tool[] {
  const { type } = tool;
  if (type !== 'function' && type !== 'custom') return [];
  const told = objectAt(tool, type);
  const common = {
    namespace: undefined,
    name: textAt(told, 'name'),
    description: textAt(told, 'description'),
    isStrict: flagAt(told, 'strict'),
  };
  if (type === 'function')
    return [{ ...common, kind: type, parameters: objectAt(told, 'parameters'), grammar: undefined }];
  const { syntax, definition } = objectAt(objectAt(told, 'format'), 'grammar');
  const grammar = isText(syntax) && isText(definition) ? { syntax, definition } : undefined;
  return [{ ...common, kind: type, parameters: undefined, grammar }];
}

/** `undefined` where nothing is said. One of a list of allowed tools is a free choice here. */
function readToolChoice(choice: unknown): ToolChoice | undefined {
  if (choice === 'auto' || choice === 'none') return { kind: choice };
  if (choice === 'required') return { kind: 'any' };
  const [read = {}] = objectsIn([choice]);
  if (read['type'] === 'allowed_tools')
    return { kind: objectAt(read, 'allowed_tools')['mode'] === 'required' ? 'any' : 'auto' };
  const name = textAt(objectAt(read, 'function'), 'name') || textAt(objectAt(read, 'custom'), 'name');
  return name === '' ? undefined : { kind: 'tool', tool: { namespace: undefined, name } };
}

function readFormat(format: JsonObject): AnswerFormat | undefined {
  if (format['type'] === 'json_object') return { schema: undefined, name: undefined, isStrict: undefined };
  if (format['type'] !== 'json_schema') return undefined;
  const told = objectAt(format, 'json_schema');
  return {
    schema: objectAt(told, 'schema'),
    name: textAt(told, 'name') || undefined,
    isStrict: flagAt(told, 'strict'),
  };
}

function readStops(stop: unknown): readonly string[] | undefined {
  const stops = (Array.isArray(stop) ? (stop as unknown[]) : [stop]).filter(isText);
  return stops.length === 0 ? undefined : stops;
}
