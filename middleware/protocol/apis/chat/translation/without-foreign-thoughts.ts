import type { ApiRequest } from '../../../../kernel/exchange.ts';
import { isJsonObject, parseJson, type JsonObject } from '../../../../kernel/json-object.ts';
import { mapElements } from '../../../json/map-elements.ts';
import type { Recipient } from '../../../translation/translation-codec.ts';
import { objectsIn } from '../../common/read-event.ts';
import { claudesThoughts } from './claudes-thoughts.ts';
import { refusesReasoning } from './takes-reasoning.ts';

const names = ['thinking_blocks', 'reasoning_content'] as const;
const hints = names.map((name) => `"${name}"`);

/**
 * The request without what Claude thought in its conversation, for a model that is none of Claude's, and without
 * reasoning for a provider that refuses it. Every message without such keeps its bytes. Where nobody knows who gets it,
 * nothing is left out.
 */
export function withoutForeignThoughts(request: ApiRequest, recipient: Recipient | undefined): ApiRequest {
  if (recipient === undefined || !mayHoldThoughts(request.json)) return request;
  const isToClaude = mayBeClaude(recipient);
  return mapElements(request, 'messages', (text) => {
    const message = mayHoldThoughts(text) ? parseJson(text) : undefined;
    if (!isJsonObject(message) || message['role'] !== 'assistant') return text;
    const kept = withoutForeign(message, recipient, isToClaude);
    if (kept === message) return text;
    return saysSomething(kept) ? JSON.stringify(kept) : undefined;
  });
}

function mayHoldThoughts(json: Buffer | string): boolean {
  return hints.some((hint) => json.includes(hint));
}

function withoutForeign(message: JsonObject, recipient: Recipient, isToClaude: boolean): JsonObject {
  // The text of Claude's thoughts stands in both.
  if (!isToClaude && claudesThoughts(message).length > 0) return without(message, names);
  return refusesReasoning(recipient) ? without(message, ['reasoning_content']) : message;
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
