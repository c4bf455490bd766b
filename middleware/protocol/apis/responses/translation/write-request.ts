import type { JsonObject } from '../../../../kernel/json-object.ts';
import { withoutAbsent } from '../../../json/without-absent.ts';
import { offeredFunctions } from '../../../translation/as-function.ts';
import type { ModelRequest, Tool } from '../../../translation/model-request.ts';
import type { ModelTraits } from '../../../translation/model-traits.ts';
import { nearestEffort } from '../../../translation/nearest-effort.ts';
import { askedEffort } from '../../../translation/thinking-budgets.ts';
import { splitInstructions } from '../../../translation/split-instructions.ts';
import type { ToolNames } from '../../../translation/tool-names.ts';
import { writtenFormat, writtenToolChoice } from '../../common/openai-options.ts';
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
  const format = writtenFormat(request.format, (schema) => schema);
  return withoutAbsent({
    model: request.model,
    instructions: instructions.length === 0 ? undefined : instructions.join('\n\n'),
    input: writeInput(rest, names, traits),
    tools: hasTools ? tools : undefined,
    tool_choice: hasTools
      ? writtenToolChoice(request, traits, (tool) => ({
          type: 'function',
          name: names.nameOf(tool),
        }))
      : undefined,
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
  const { isShown = false } = reasoning ?? {};
  const told = withoutAbsent({
    // A model that cannot do without thinks as little as it can.
    effort: nearestEffort(askedEffort(reasoning), traits.efforts ?? usualEfforts),
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
