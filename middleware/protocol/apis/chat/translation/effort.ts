import type { ApiRequest } from '../../../../kernel/exchange.ts';
import { memberValue, withMember } from '../../../json/member-value.ts';
import type { Reasoning } from '../../../translation/model-request.ts';
import type { ModelTraits } from '../../../translation/model-traits.ts';
import { nearestEffort } from '../../../translation/nearest-effort.ts';
import { askedEffort } from '../../../translation/thinking-budgets.ts';

/** Where nobody knows more, what LiteLLM turns into the form of every provider that reasons. */
const usual: readonly string[] = ['low', 'medium', 'high'];

/** The nearest effort that the model takes; `undefined` leaves it to the provider. */
export function effortFor(reasoning: Reasoning | undefined, traits: ModelTraits): string | undefined {
  return fittedEffort(askedEffort(reasoning), traits);
}

const member = 'reasoning_effort';

/** The request of a client with the nearest effort that the model takes. The same request where it takes what is asked for. */
export function withTakenEffort(request: ApiRequest, traits: ModelTraits): ApiRequest {
  const asked = traits.reasons ? memberValue(request.json, member) : undefined;
  if (typeof asked !== 'string') return request;
  const fitted = fittedEffort(asked, traits);
  return fitted === undefined || fitted === asked ? request : withMember(request, member, fitted);
}

function fittedEffort(effort: string, traits: ModelTraits): string | undefined {
  const taken = traits.efforts ?? usual;
  if (!traits.reasons) return undefined;
  if (effort !== 'none' || taken.length === 0 || taken.includes('none')) return nearestEffort(effort, taken);
  if (isToldNotToThink(traits)) return 'none';
  // It thinks where it is asked to alone, and the least effort would ask it.
  return /claude/i.test(traits.providerModel) ? undefined : nearestEffort(effort, taken);
}

const any = /./;
/**
 * The models, by their providers, for which LiteLLM has a form of `none`: its list of efforts does not tell. Source: LiteLLM 1.109, the
 * options of each provider; at Groq it goes on as it is.
 */
const toldNotToThink: ReadonlyMap<string, RegExp> = new Map([
  ['deepseek', any],
  ['fireworks_ai', /^(?!.*gpt-oss)/],
  // Gemini 3 thinks the least that it can.
  ['gemini', /^(?!.*2\.5-pro)/],
  ['groq', /qwen/],
  ['ollama', /^(?!.*gpt-oss)/],
  ['ollama_chat', /^(?!.*gpt-oss)/],
  ['openrouter', any],
  ['tencent', any],
  ['together_ai', any],
  ['vertex_ai', /gemini(?!-2\.5-pro)/],
]);

/** Gemini's own API for chats has no such form from Gemini 3 on. Source: Gemini API, "OpenAI compatibility", thinking. */
function isToldNotToThink({ provider = '', providerModel, isDirect }: ModelTraits): boolean {
  if (isDirect && provider === 'gemini' && !providerModel.includes('gemini-2')) return false;
  return toldNotToThink.get(provider)?.test(providerModel) === true;
}
