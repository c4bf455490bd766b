import type { JsonObject } from '../../../../kernel/json-object.ts';
import { withoutAbsent } from '../../../json/without-absent.ts';
import { jsonInstructions } from '../../../translation/json-instructions.ts';
import type { ModelRequest, Tool } from '../../../translation/model-request.ts';
import type { ModelTraits } from '../../../translation/model-traits.ts';
import { offeredFunctions } from '../../../translation/as-function.ts';
import type { ToolNames } from '../../../translation/tool-names.ts';
import { writtenFormat, writtenToolChoice } from '../../common/openai-options.ts';
import { asProviderTakes } from './as-provider-takes.ts';
import { effortFor } from './effort.ts';
import { writeChatMessages } from './write-messages.ts';

/**
 * A request of the Chat Completions API with the members that every provider of it takes, and no others: many refuse
 * what they do not know. LiteLLM turns it into the forms of those that have one of their own.
 */
export function writeChatRequest(request: ModelRequest, names: ToolNames, traits: ModelTraits): JsonObject {
  const tools = writeTools(request.tools, names);
  const hasTools = tools.length > 0;
  const format = traits.takesSchema
    ? writtenFormat(request.format, (schema) => ({ json_schema: schema }))
    : undefined;
  const written = withoutAbsent({
    model: request.model,
    messages: writeChatMessages(request.entries, {
      names,
      traits,
      instructions: format === undefined ? jsonInstructions(request.format) : [],
    }),
    tools: hasTools ? tools : undefined,
    tool_choice: hasTools
      ? writtenToolChoice(request, traits, (tool) => ({
          type: 'function',
          function: { name: names.nameOf(tool) },
        }))
      : undefined,
    parallel_tool_calls: hasTools && request.parallelCalls === false ? false : undefined,
    response_format: format,
    reasoning_effort: effortFor(request.reasoning, traits),
    max_tokens: maxTokens(request, traits),
    temperature: traits.takesSampling ? request.temperature : undefined,
    top_p: traits.takesSampling ? request.topP : undefined,
    stop: request.stops,
    stream: request.isStreamed,
    stream_options: request.isStreamed ? { include_usage: true } : undefined,
  });
  return traits.isDirect ? asProviderTakes(written, traits) : written;
}

/** Clients of Anthropic's API always name a limit, which may be more than the model can write: that is refused. */
function maxTokens({ maxOutputTokens: asked }: ModelRequest, traits: ModelTraits): number | undefined {
  return asked === undefined ? undefined : Math.min(asked, traits.maxOutputTokens ?? asked);
}

function writeTools(tools: readonly Tool[], names: ToolNames): readonly JsonObject[] {
  return offeredFunctions(tools, names).map(({ name, description, parameters }) => ({
    type: 'function',
    function: { name, description, parameters },
  }));
}
