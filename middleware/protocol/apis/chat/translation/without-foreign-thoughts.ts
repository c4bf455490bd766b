import type { ApiRequest } from '../../../../kernel/exchange.ts';
import { isJsonObject, parseJson, type JsonObject } from '../../../../kernel/json-object.ts';
import { mapElements } from '../../../json/map-elements.ts';
import { withTakenIds } from '../../../translation/call-id.ts';
import { holdsSeal, mayHoldSeal } from '../../../translation/original.ts';
import type { Recipient } from '../../../translation/translation-codec.ts';
import { objectsIn } from '../../common/read-event.ts';
import { refusesReasoning } from './takes-reasoning.ts';
import { claudesThoughts } from './thinking-blocks.ts';

const names = ['thinking_blocks', 'reasoning_content'] as const;
const hints = names.map((name) => `"${name}"`);

/**
 * The request without what was sealed for others, without what Claude thought in its conversation, for a model that is none of
 * Claude's, and without reasoning for a provider that refuses it. Every message without such keeps its bytes. Where nobody knows
 * who gets it, what was sealed alone is left out.
 */
export function withoutForeignThoughts(request: ApiRequest, recipient: Recipient | undefined): ApiRequest {
  const isToClaude = recipient === undefined || mayBeClaude(recipient);
  const isMeant = (json: Buffer | string): boolean =>
    mayHoldSeal(json) || (recipient !== undefined && mayHoldThoughts(json));
  if (!isMeant(request.json)) return request;
  return mapElements(request, 'messages', (text) => {
    const message = isMeant(text) ? parseJson(text) : undefined;
    if (!isJsonObject(message)) return text;
    const kept = withoutForeign(withoutSealed(message), recipient, isToClaude);
    if (kept === message) return text;
    return message['role'] !== 'assistant' || saysSomething(kept) ? JSON.stringify(kept) : undefined;
  });
}

function mayHoldThoughts(json: Buffer | string): boolean {
  return hints.some((hint) => json.includes(hint));
}

function withoutForeign(
  message: JsonObject,
  recipient: Recipient | undefined,
  isToClaude: boolean,
): JsonObject {
  if (message['role'] !== 'assistant') return message;
  // The text of Claude's thoughts stands in both.
  if (!isToClaude && claudesThoughts(message).length > 0) return without(message, names);
  return recipient !== undefined && refusesReasoning(recipient)
    ? without(message, ['reasoning_content'])
    : message;
}

/** Lists of a turn in which providers and gateways have what they want back. */
const thoughtLists = ['thinking_blocks', 'reasoning_details', 'reasoning_items'] as const;

/** The same message where nothing in it is sealed. */
function withoutSealed(message: JsonObject): JsonObject {
  const sealed = thoughtLists.filter((name) => objectsIn(message[name]).some(holdsSeal));
  const changed = sealed.map(
    (name) => [name, objectsIn(message[name]).filter((block) => !holdsSeal(block))] as const,
  );
  // The text of thoughts that are sealed stands in this as well.
  const left = changed.flatMap(([name, kept]) => (kept.length === 0 ? [name, 'reasoning_content'] : []));
  const unsealed =
    sealed.length === 0 ? message : without({ ...message, ...Object.fromEntries(changed) }, left);
  const calls = objectsIn(unsealed['tool_calls']);
  const taken = calls.map((call) => withTakenIds(call, ['id']));
  const isSame = taken.every((call, at) => call === calls[at]);
  return withTakenIds(isSame ? unsealed : { ...unsealed, tool_calls: taken }, ['tool_call_id']);
}

/** The same message where it has none of them. */
function without(message: JsonObject, left: readonly string[]): JsonObject {
  if (!left.some((name) => name in message)) return message;
  return Object.fromEntries(Object.entries(message).filter(([name]) => !left.includes(name)));
}

/** Providers that have Claude beside other models keep its thoughts in a form of their own, or another LiteLLM does. */
function mayBeClaude({ provider, providerModel }: Recipient): boolean {
  return provider === 'litellm_proxy' || providerModel.includes('claude') || providerModel.startsWith('arn:');
}

/** Providers refuse a turn in which nothing is said. */
function saysSomething({ content, tool_calls: calls, ...rest }: JsonObject): boolean {
  const isSaid = Array.isArray(content) ? content.length > 0 : typeof content === 'string' && content !== '';
  const others = ['function_call', 'refusal', 'audio'].some((name) => isJsonObject(rest[name]) || rest[name]);
  return isSaid || others || objectsIn(calls).length > 0;
}
