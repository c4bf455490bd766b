import type { ApiRequest } from '../../../../kernel/exchange.ts';
import { isJsonObject, parseJson, type JsonObject } from '../../../../kernel/json-object.ts';
import { mapElements } from '../../../json/map-elements.ts';
import { providerCallId, withTakenIds } from '../../../translation/call-id.ts';
import { holdsSeal, mayHoldSeal } from '../../../translation/original.ts';
import type { Recipient } from '../../../translation/translation-codec.ts';
import { objectAt, objectsIn, textAt } from '../../common/read-event.ts';
import { signedIdMark } from './originals.ts';
import { refusesReasoning, takesReasoning } from './takes-reasoning.ts';
import { claudesThoughts } from './thinking-blocks.ts';

const names = ['thinking_blocks', 'reasoning_content'] as const;

/** What LiteLLM, or Gemini's own chat API, has beside a call of an answer; a call of a request has none of it. */
const besideCalls = ['index', 'provider_specific_fields', 'extra_content'] as const;
/** The same of a message. Source: OpenAI's API reference, "Create chat completion", assistant message; LiteLLM's `Message`. */
const besideMessages = [
  ...['images', 'annotations', 'thinking_blocks', 'reasoning_items'],
  ...['provider_specific_fields', 'extra_content'],
] as const;

/** Each is looked for in all of a body, so none twice. */
const thoughtHints = [
  ...[...new Set([...names, ...besideMessages, ...besideCalls])].map((name) => `"${name}"`),
  signedIdMark,
];

/** Members of an answer of OpenAI's that are null where they say nothing, and that its SDKs send back. Others do not know them. */
const oftenNull = ['refusal', 'audio', 'function_call'] as const;
const nullHints = oftenNull.map((name) => `"${name}"`);

/**
 * The request without what was sealed for others, without what Claude thought in its conversation, for a model that is none of
 * Claude's, without reasoning for a provider that refuses it, without what LiteLLM adds to answers for one that wants none of it
 * back, and, for others than OpenAI, without its members that say nothing. Every message without such keeps its bytes. Where nobody knows who gets it, what was sealed alone is left out.
 */
export function withoutForeignThoughts(request: ApiRequest, recipient: Recipient | undefined): ApiRequest {
  const isToClaude = recipient === undefined || mayBeClaude(recipient);
  const takesNulls = recipient === undefined || isOpenais(recipient) || isUnknown(recipient);
  const hints = [...(recipient === undefined ? [] : thoughtHints), ...(takesNulls ? [] : nullHints)];
  const isMeant = (json: Buffer | string): boolean =>
    mayHoldSeal(json) || hints.some((hint) => json.includes(hint));
  if (!isMeant(request.json)) return request;
  return mapElements(request, 'messages', (text) => {
    const message = isMeant(text) ? parseJson(text) : undefined;
    if (!isJsonObject(message)) return text;
    const said = takesNulls ? message : withoutNulls(message);
    const own = withoutForeign(withoutSealed(said), recipient, isToClaude);
    const kept = recipient === undefined || isToClaude ? own : withoutAdded(own, recipient);
    if (kept === message) return text;
    return message['role'] !== 'assistant' || saysSomething(kept) ? JSON.stringify(kept) : undefined;
  });
}

/** The request without reasoning in its conversation. The same request where there is none. */
export function withoutReasoning(request: ApiRequest): ApiRequest {
  const isMeant = (json: Buffer | string): boolean => json.includes('"reasoning_content"');
  if (!isMeant(request.json)) return request;
  return mapElements(request, 'messages', (text) => {
    const message = isMeant(text) ? parseJson(text) : undefined;
    if (!isJsonObject(message) || message['role'] !== 'assistant') return text;
    const kept = without(message, ['reasoning_content']);
    if (kept === message) return text;
    return saysSomething(kept) ? JSON.stringify(kept) : undefined;
  });
}

function withoutNulls(message: JsonObject): JsonObject {
  return without(
    message,
    oftenNull.filter((name) => message[name] === null),
  );
}

function isOpenais({ provider = '', hasOtherAddress }: Recipient): boolean {
  return provider === 'azure' || (provider === 'openai' && !hasOtherAddress);
}

function isUnknown({ provider = '', isDirect }: Recipient): boolean {
  return provider === '' && !isDirect;
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

/** Providers whose messages LiteLLM makes out of all that it added to their answers. */
const getAll: ReadonlySet<string> = new Set(['anthropic', 'bedrock', 'gemini', 'vertex_ai']);
/** Those for which it reads thoughts alone, or takes them out. */
const getThoughts: ReadonlySet<string> = new Set([
  ...['databricks', 'github_copilot', 'mistral', 'ollama', 'ollama_chat', 'snowflake'],
]);
/** Those that LiteLLM calls through OpenAI's newer API at times, and then makes items of these. */
const getItems: ReadonlySet<string> = new Set(['azure', 'chatgpt', 'github_copilot', 'openai', 'xai']);

/**
 * The message as OpenAI's API has it in a request: other providers refuse one with members that they do not know, and ids of calls with
 * a signature in them, which are longer than they take. The same message where nothing was added.
 */
function withoutAdded(message: JsonObject, recipient: Recipient): JsonObject {
  const { provider = '', hasOtherAddress } = recipient;
  if (getAll.has(provider) || isUnknown(recipient)) return message;
  const named = withTakenId(message, 'tool_call_id');
  if (message['role'] !== 'assistant') return named;
  const left = besideMessages.filter(
    (name) =>
      !(name === 'thinking_blocks' && getThoughts.has(provider)) &&
      !(name === 'reasoning_items' && getItems.has(provider) && !hasOtherAddress),
  );
  const calls = objectsIn(message['tool_calls']);
  const plain = calls.map((call) => withTakenId(without(call, besideCalls), 'id'));
  const isSame = plain.every((call, at) => call === calls[at]);
  const said = without(withReasoning(named, provider), left);
  return isSame ? said : { ...said, tool_calls: plain };
}

/** LiteLLM has it in its own member as well, out of which it would go back. */
function withReasoning(message: JsonObject, provider: string): JsonObject {
  const reasoning = textAt(objectAt(message, 'provider_specific_fields'), 'reasoning_content');
  if (reasoning === '' || 'reasoning_content' in message || !takesReasoning(provider)) return message;
  return { ...message, reasoning_content: reasoning };
}

function withTakenId(holder: JsonObject, name: 'id' | 'tool_call_id'): JsonObject {
  const id = textAt(holder, name);
  return id.includes(signedIdMark) ? { ...holder, [name]: providerCallId(id) } : holder;
}

/** The same object where it has none of them. */
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
