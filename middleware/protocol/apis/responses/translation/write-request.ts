import type { JsonObject } from '../../../../kernel/json-object.ts';
import { withoutAbsent } from '../../../json/without-absent.ts';
import { offeredFunctions } from '../../../translation/as-function.ts';
import { fitsStrict } from '../../../translation/schemas/fits-strict.ts';
import type { AnswerFormat, ModelRequest, Tool } from '../../../translation/model-request.ts';
import type { ModelTraits } from '../../../translation/model-traits.ts';
import { nearestEffort } from '../../../translation/nearest-effort.ts';
import { splitInstructions } from '../../../translation/split-instructions.ts';
import type { ToolNames } from '../../../translation/tool-names.ts';
import { writeInput } from './write-input.ts';

/** OpenAI takes no less. */
const leastOutputTokens = 16;
/** What models take that reason, where nobody knows more. */
const usualEfforts: readonly string[] = ['low', 'medium', 'high'];

/**
 * A request of the Responses API that keeps nothing at the provider: what was thought comes back encrypted, for the client to
 * keep. Sequences that stop an answer have no place in it.
 */
export function writeResponsesRequest(
  request: ModelRequest,
  names: ToolNames,
  traits: ModelTraits,
): JsonObject {
  const { instructions, rest } = splitInstructions(request.entries);
  const tools = writeTools(request.tools, names);
  const hasTools = tools.length > 0;
  const format = textFormat(request.format);
  return withoutAbsent({
    model: request.model,
    instructions: instructions.length === 0 ? undefined : instructions.join('\n\n'),
    input: writeInput(rest, names, traits),
    tools: hasTools ? tools : undefined,
    tool_choice: hasTools ? writeToolChoice(request, names) : undefined,
    parallel_tool_calls: hasTools ? request.parallelCalls : undefined,
    text: format === undefined ? undefined : { format },
    ...writeReasoning(request, traits),
    ...writeSampling(request, traits),
    max_output_tokens: maxTokens(request, traits),
    prompt_cache_key: request.cacheKey,
    store: false,
    stream: request.isStreamed,
  });
}

function writeReasoning({ reasoning }: ModelRequest, traits: ModelTraits): JsonObject {
  if (!traits.reasons) return {};
  const { effort = '', isShown = false } = reasoning ?? {};
  const told = withoutAbsent({
    // A model that cannot do without thinks as little as it can.
    effort: nearestEffort(effort, traits.efforts ?? usualEfforts),
    summary: isShown ? 'auto' : undefined,
  });
  return {
    ...(Object.keys(told).length === 0 ? {} : { reasoning: told }),
    include: ['reasoning.encrypted_content'],
  };
}

/** OpenAI's models that reason refuse it, whatever it is. */
function writeSampling({ temperature, topP }: ModelRequest, traits: ModelTraits): JsonObject {
  return traits.takesSampling && !traits.reasons ? withoutAbsent({ temperature, top_p: topP }) : {};
}

/** Clients of Anthropic's API always name a limit, which may be more than the model can write, or less than OpenAI takes. */
function maxTokens({ maxOutputTokens: asked }: ModelRequest, traits: ModelTraits): number | undefined {
  if (asked === undefined) return undefined;
  return Math.max(leastOutputTokens, Math.min(asked, traits.maxOutputTokens ?? asked));
}

/** OpenAI enforces no schema that it was not asked to. */
function writeTools(tools: readonly Tool[], names: ToolNames): readonly JsonObject[] {
  return offeredFunctions(tools, names).map(({ name, description, parameters }) => ({
    ...{ type: 'function', name, description, parameters, strict: false },
  }));
}

/** `undefined` where the model decides. */
function writeToolChoice({ toolChoice, entries }: ModelRequest, names: ToolNames): unknown {
  if (toolChoice?.kind === 'none' || entries.some(({ kind }) => kind === 'compact')) return 'none';
  if (toolChoice?.kind === 'any') return 'required';
  if (toolChoice?.kind !== 'tool') return undefined;
  return { type: 'function', name: names.nameOf({ kind: 'function', ...toolChoice.tool }) };
}

function textFormat(format: AnswerFormat | undefined): JsonObject | undefined {
  if (format === undefined) return undefined;
  const { schema, name = 'answer', isStrict } = format;
  if (schema === undefined) return { type: 'json_object' };
  return withoutAbsent({
    type: 'json_schema',
    name,
    schema,
    strict: isStrict === true ? fitsStrict(schema) : isStrict,
  });
}
