import type { JsonObject } from '../../../../kernel/json-object.ts';
import type { Entry, ModelRequest } from '../../../translation/model-request.ts';
import type { ModelTraits } from '../../../translation/model-traits.ts';
import type { ToolNames } from '../../../translation/tool-names.ts';
import { withoutAbsent } from '../../../json/without-absent.ts';
import { jsonInstructions } from '../../../translation/json-instructions.ts';
import { marked, markedLast } from './cache-marks.ts';
import { thinkingFor } from './thinking.ts';
import { writeMessages } from './write-messages.ts';
import { writeToolChoice, writeTools } from './write-tools.ts';

/**
 * A request of the Messages API within Anthropic's rules. Three of the four marks for its cache are set, at the ends of
 * the tools, of the instructions and of the conversation; the fourth is left to `cache_control` in LiteLLM's
 * configuration, which counts as one. Sources: Anthropic API, "Messages", "Prompt caching", "Extended thinking".
 */
export function writeMessagesRequest(
  request: ModelRequest,
  names: ToolNames,
  traits: ModelTraits,
): JsonObject {
  const { system, rest } = splitInstructions(request.entries);
  const thinking = thinkingFor(request, traits);
  const texts = [...system, ...(traits.takesSchema ? [] : jsonInstructions(request.format))];
  const tools = writeTools(request.tools, names);
  const isForcingRefused = thinking.isOn || !traits.takesForcedTools;
  const blocks = texts.map((text) => ({ type: 'text', text }));
  const place = { names, traits, keepsThinking: thinking.keepsThinking };
  return withoutAbsent({
    model: request.model,
    max_tokens: thinking.maxTokens,
    system: unlessEmpty(marked(blocks)),
    messages: markedLast(writeMessages(rest, place)),
    tools: unlessEmpty(marked(tools)),
    tool_choice: tools.length === 0 ? undefined : writeToolChoice(request, names, isForcingRefused),
    thinking: thinking.member,
    output_config: outputConfig(request, thinking.effort, traits),
    ...(traits.takesSampling && !thinking.isOn ? sampling(request) : {}),
    stop_sequences: unlessEmpty(request.stops ?? []),
    stream: request.isStreamed,
  });
}

function outputConfig(
  { format }: ModelRequest,
  effort: string | undefined,
  { takesSchema }: ModelTraits,
): JsonObject | undefined {
  const schema = takesSchema ? format?.schema : undefined;
  if (effort === undefined && schema === undefined) return undefined;
  return withoutAbsent({
    effort,
    format: schema === undefined ? undefined : { type: 'json_schema', schema },
  });
}

/** Anthropic's temperature ends at 1, and newer models take one of the two. */
function sampling({ temperature, topP }: ModelRequest): JsonObject {
  if (temperature !== undefined) return { temperature: Math.min(temperature, 1) };
  return { top_p: topP };
}

function unlessEmpty<Value>(list: readonly Value[]): readonly Value[] | undefined {
  return list.length === 0 ? undefined : list;
}

/** Instructions at the beginning are the system's; later ones stay where they were said, or all after them would change. */
function splitInstructions(entries: readonly Entry[]): {
  readonly system: readonly string[];
  readonly rest: readonly Entry[];
} {
  const first = entries.findIndex(({ kind }) => kind !== 'instructions');
  const leading = first < 0 ? entries : entries.slice(0, first);
  const system = leading.flatMap((entry) => (entry.kind === 'instructions' ? entry.texts : []));
  return {
    system: system.filter((text) => text.trim() !== ''),
    rest: first < 0 ? [] : entries.slice(first),
  };
}
