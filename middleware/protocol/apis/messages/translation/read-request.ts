import type { JsonObject } from '../../../../kernel/json-object.ts';
import type {
  AnswerFormat,
  Entry,
  ModelRequest,
  Reasoning,
  ToolChoice,
} from '../../../translation/model-request.ts';
import { requireMessages } from '../../common/checks/require-messages.ts';
import { instructionEntries } from '../../../translation/told/spoken-parts.ts';
import { askedThinking } from '../../common/asked-thinking.ts';
import { numberAt } from '../../common/number-at.ts';
import { isText, objectAt, objectsIn, textAt } from '../../common/read-event.ts';
import { readMessagesParts } from './blocks/read-parts.ts';
import { readMessagesTools } from './blocks/read-tools.ts';
import { readMessage } from './blocks/read-turns.ts';

/** A request of the Messages API as Claude Code and the SDKs of Anthropic write it. */
export function readMessagesRequest(body: JsonObject): ModelRequest {
  const messages = requireMessages(body['messages']);
  const { offered, deferred, leftOut } = readMessagesTools(body['tools']);
  const choice = objectAt(body, 'tool_choice');
  return {
    model: textAt(body, 'model'),
    isStreamed: body['stream'] === true,
    entries: [
      ...readSystem(body['system']),
      ...objectsIn(messages).flatMap((message) => readMessage(message, deferred)),
    ],
    tools: offered,
    leftOutTools: leftOut,
    toolChoice: readToolChoice(choice),
    parallelCalls: choice['disable_parallel_tool_use'] === true ? false : undefined,
    reasoning: readReasoning(body),
    format: readFormat(body),
    maxOutputTokens: numberAt(body, 'max_tokens'),
    temperature: numberAt(body, 'temperature'),
    topP: numberAt(body, 'top_p'),
    stops: readStops(body['stop_sequences']),
    cacheKey: undefined,
    wantsUsage: true,
  };
}

/** Claude Code says at the beginning, for Anthropic's books, which of its requests it is: other caches would miss each time. */
const forAnthropic = 'x-anthropic-billing-header:';

function readSystem(system: unknown): readonly Entry[] {
  return instructionEntries(
    readMessagesParts(system).filter((part) => part.kind !== 'text' || !part.text.startsWith(forAnthropic)),
  );
}

/** `undefined` where nothing is said. */
function readToolChoice(choice: JsonObject): ToolChoice | undefined {
  const { type } = choice;
  if (type === 'auto' || type === 'any' || type === 'none') return { kind: type };
  const name = textAt(choice, 'name');
  return name === '' ? undefined : { kind: 'tool', tool: { kind: 'function', namespace: undefined, name } };
}

/** An effort alone shows nothing of the thinking. */
function readReasoning(body: JsonObject): Reasoning | undefined {
  const asked = askedThinking(body, textAt(objectAt(body, 'output_config'), 'effort'));
  if (asked === undefined) return undefined;
  return { ...asked, isShown: asked.isShown && textAt(objectAt(body, 'thinking'), 'type') !== '' };
}

/** `output_format` is its name in the beta. */
function readFormat(body: JsonObject): AnswerFormat | undefined {
  const formats = [objectAt(objectAt(body, 'output_config'), 'format'), objectAt(body, 'output_format')];
  const found = formats.find(({ type }) => type === 'json_schema');
  return found === undefined
    ? undefined
    : { schema: objectAt(found, 'schema'), name: undefined, isStrict: true };
}

function readStops(stops: unknown): readonly string[] | undefined {
  const texts = Array.isArray(stops) ? (stops as unknown[]).filter(isText) : [];
  return texts.length === 0 ? undefined : texts;
}
