import type { JsonObject } from '../../../../kernel/json-object.ts';
import type { Entry, ModelRequest } from '../../../translation/model-request.ts';
import type { ModelTraits } from '../../../translation/model-traits.ts';
import type { ToolNames } from '../../../translation/tool-names.ts';
import { withoutAbsent } from '../../../json/without-absent.ts';
import { jsonInstructions } from '../../../translation/json-instructions.ts';
import { splitInstructions } from '../../../translation/split-instructions.ts';
import { marked, markedLast } from './cache-marks.ts';
import { enforcedSchema } from './schemas/enforced-schema.ts';
import { thinkingFor } from './thinking.ts';
import { withTurnThoughts } from './turns/turn-thoughts.ts';
import { withoutLoneThoughts } from './without-lone-thoughts.ts';
import { writeMessages } from './write-messages.ts';
import { writeToolChoice, writeTools } from './write-tools.ts';

/**
 * A request of the Messages API within Anthropic's rules. Marks for its cache are set at the ends of the tools, of the
 * instructions and of the user's last two messages; without the last but one where `cache_control` in LiteLLM's
 * configuration counts as the fourth. Sources: Anthropic API, "Messages", "Prompt caching", "Extended thinking",
 * "Structured outputs".
 */
export function writeMessagesRequest(asked: ModelRequest, names: ToolNames, traits: ModelTraits): JsonObject {
  const request = { ...asked, entries: withoutLoneThoughts(asked.entries) };
  const { instructions, rest } = splitInstructions(request.entries);
  const thinking = thinkingFor(request, traits);
  const { schema, isWhole } = takenSchema(request.format, traits);
  const texts = [...instructions, ...(isWhole ? [] : jsonInstructions(request.format))];
  const tools = writeTools(request.tools, names);
  const isForcingRefused = thinking.isOn || !traits.takesForcedTools;
  const blocks = texts.map((text) => ({ type: 'text', text }));
  const marksLeft = Math.min(2, traits.cacheMarks - Number(texts.length > 0) - Number(tools.length > 0));
  const place = { names, traits, keepsThinking: thinking.keepsThinking };
  return withoutAbsent({
    model: request.model,
    max_tokens: thinking.maxTokens,
    system: unlessEmpty(marked(blocks)),
    messages: markedLast(writeMessages(thoughtIn(rest, traits), place), marksLeft),
    tools: unlessEmpty(marked(tools)),
    tool_choice: tools.length === 0 ? undefined : writeToolChoice(request, names, isForcingRefused),
    thinking: thinking.member,
    output_config: outputConfig(thinking.effort, schema),
    ...(traits.takesSampling && !thinking.isOn ? sampling(request) : {}),
    // One of white space alone is refused.
    stop_sequences: unlessEmpty((request.stops ?? []).filter((stop) => stop.trim() !== '')),
    stream: request.isStreamed,
  });
}

/** A Claude that thinks as long as it wants takes thoughts wherever they stand. */
function thoughtIn(entries: readonly Entry[], { thinksAdaptively, maker }: ModelTraits): readonly Entry[] {
  return thinksAdaptively ? entries : withTurnThoughts(entries, maker);
}

/** The schema that the provider enforces, and whether that is all that was asked for. */
function takenSchema(
  format: ModelRequest['format'],
  { takesSchema }: ModelTraits,
): { readonly schema: JsonObject | undefined; readonly isWhole: boolean } {
  const asked = takesSchema ? format?.schema : undefined;
  return asked === undefined ? { schema: undefined, isWhole: format === undefined } : enforcedSchema(asked);
}

function outputConfig(effort: string | undefined, schema: JsonObject | undefined): JsonObject | undefined {
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
