import { wrongMember } from '../../../../kernel/errors.ts';
import type { JsonObject } from '../../../../kernel/json-object.ts';
import type { ModelRequest, Tool } from '../../../translation/model-request.ts';
import { askedThinking } from '../../common/asked-thinking.ts';
import { numberAt } from '../../common/number-at.ts';
import { asksForUsage, openaiFormat, openaiToolChoice, readStops } from '../../common/openai-options.ts';
import { flagAt, isText, objectAt, objectsIn, textAt } from '../../common/read-event.ts';
import { readChatMessage } from './read-messages.ts';
import { refuseBroken } from '../refuse-broken.ts';

/** A request of the Chat Completions API as the SDKs of OpenAI write it, and with what LiteLLM's clients have beside it. */
export function readChatRequest(body: JsonObject): ModelRequest {
  refuseBroken(body);
  refuseWhatNobodyElseHas(body);
  const format = objectAt(body, 'response_format');
  return {
    model: textAt(body, 'model'),
    isStreamed: body['stream'] === true,
    entries: objectsIn(body['messages']).flatMap(readChatMessage),
    tools: objectsIn(body['tools']).flatMap(readTool),
    leftOutTools: objectsIn(body['tools']).flatMap((tool) =>
      readTool(tool).length === 0 ? [textAt(tool, 'type')] : [],
    ),
    toolChoice: openaiToolChoice(body['tool_choice'], chosenIn),
    parallelCalls: flagAt(body, 'parallel_tool_calls'),
    reasoning: askedThinking(body, textAt(body, 'reasoning_effort')),
    format: openaiFormat(format, objectAt(format, 'json_schema')),
    maxOutputTokens: numberAt(body, 'max_completion_tokens') ?? numberAt(body, 'max_tokens'),
    temperature: numberAt(body, 'temperature'),
    topP: numberAt(body, 'top_p'),
    stops: readStops(body['stop']),
    cacheKey: textAt(body, 'prompt_cache_key') || undefined,
    wantsUsage: asksForUsage(body),
  };
}

function refuseWhatNobodyElseHas({ n, functions }: JsonObject): void {
  if (typeof n === 'number' && n > 1)
    throw wrongMember(
      'n',
      `\`n\` is ${n}, and this model's provider gives one answer to a request; leave it out, or send the request ${n} times`,
    );
  if (Array.isArray(functions) && functions.length > 0)
    throw wrongMember(
      'functions',
      "`functions` is the older form of `tools`, which this model's provider has no place for; send `tools`",
    );
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

/** What a choice says more stands in a member that is named as its type. */
function chosenIn(choice: JsonObject): JsonObject {
  return objectAt(choice, textAt(choice, 'type') || 'function');
}
