import type { JsonObject } from '../../../../kernel/json-object.ts';
import type { ModelTraits } from '../../../translation/model-traits.ts';
import { openaiReasoning } from '../../../translation/openai-reasoning.ts';
import { objectAt, objectsIn, textAt } from '../../common/read-event.ts';

/** Those that take an effort for every model; of others LiteLLM knows which models do, in what form, and whether beside tools. */
const takeEffort: ReadonlySet<string> = new Set(['gemini', 'openrouter']);

/**
 * A request for LiteLLM as its provider itself takes it. LiteLLM leaves out what a provider refuses, and has names of its own
 * for the signatures of Gemini. Sources: the providers' documentation, "OpenAI compatibility" of Gemini's for signatures.
 */
export function asProviderTakes(
  { max_tokens: maxTokens, reasoning_effort: effort, parallel_tool_calls: parallel, ...body }: JsonObject,
  traits: ModelTraits,
): JsonObject {
  const { provider = '', providerModel } = traits;
  const isGemini = provider === 'gemini';
  // These refuse the older name.
  const limit = openaiReasoning.test(providerModel) ? 'max_completion_tokens' : 'max_tokens';
  return {
    ...body,
    messages: objectsIn(body['messages']).map((message) => asMessage(message, traits)),
    ...(maxTokens === undefined ? {} : { [limit]: maxTokens }),
    ...asThinking(effort, provider),
    ...(parallel === undefined || isGemini ? {} : { parallel_tool_calls: parallel }),
  };
}

/** DeepSeek has a member of its own for no thinking, as LiteLLM writes it. */
function asThinking(effort: unknown, provider: string): JsonObject {
  if (effort === 'none' && provider === 'deepseek') return { thinking: { type: 'disabled' } };
  return effort !== undefined && takeEffort.has(provider) ? { reasoning_effort: effort } : {};
}

/** Gemini takes back the signatures of calls, and no reasoning. */
function asMessage(message: JsonObject, { provider = '', providerModel }: ModelTraits): JsonObject {
  const isGemini = provider === 'gemini';
  const left = isGemini ? ['provider_specific_fields', 'reasoning_content'] : ['provider_specific_fields'];
  const kept = Object.fromEntries(Object.entries(message).filter(([name]) => !left.includes(name)));
  const calls = objectsIn(message['tool_calls']).map(asCall);
  const thought = isThoughtMissing(message, provider) ? { reasoning_content: noThought } : {};
  if (calls.length === 0) return { ...kept, ...thought };
  const isSigned = isGemini && wantsSignatures.test(providerModel);
  return { ...kept, ...thought, tool_calls: isSigned ? signed(calls) : calls };
}

/** DeepSeek refuses a turn that came back without what was thought in it, also where another model thought it; Moonshot such a call. */
function isThoughtMissing(message: JsonObject, provider: string): boolean {
  if (message['role'] !== 'assistant' || textAt(message, 'reasoning_content') !== '') return false;
  return provider === 'deepseek' || (provider === 'moonshot' && 'tool_calls' in message);
}

/** The least that they take, and what LiteLLM says. */
const noThought = ' ';

/** Gemini 3 and those after it. */
const wantsSignatures = /(?:^|\/)gemini-(?![12]\b|exp\b|(?:pro|flash)(?!-(?:lite-)?latest$)(?:-|$))/;
/** For calls that another model made. Source: Gemini API, "Thought signatures", which calls are validated and how to do without. */
const unsigned = { google: { thought_signature: 'skip_thought_signature_validator' } };

/** Of calls at once, the first has the signature. */
function signed([first, ...others]: readonly JsonObject[]): readonly JsonObject[] {
  return [{ extra_content: unsigned, ...first }, ...others];
}

function asCall({ provider_specific_fields: fields, ...call }: JsonObject): JsonObject {
  const signature = textAt(objectAt({ fields }, 'fields'), 'thought_signature');
  return signature === '' ? call : { ...call, extra_content: { google: { thought_signature: signature } } };
}

/** The signature of a call as Gemini itself gives it, under the name that LiteLLM has for it. */
export function geminisFields(piece: JsonObject): JsonObject | undefined {
  const signature = textAt(objectAt(objectAt(piece, 'extra_content'), 'google'), 'thought_signature');
  return signature === '' ? undefined : { thought_signature: signature };
}
