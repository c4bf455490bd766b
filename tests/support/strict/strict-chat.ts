import type { JsonObject } from '../../../middleware/kernel/json-object.ts';
import { isJsonObject } from '../../../middleware/kernel/json-object.ts';
import { objectsIn } from '../../../middleware/protocol/apis/common/read-event.ts';
import { chat } from '../fake-upstream/shapes.ts';
import type { Item } from '../fake-upstream/step.ts';
import { faultsOfChat } from './chat-rules.ts';
import { asFunctions, thoughtOf, type StrictApi } from './strict-api.ts';

/**
 * A provider of nothing but the Chat Completions API. One that `reasons` is like DeepSeek: it says what it thinks, and
 * refuses calls that come back without ("The reasoning_content in the thinking mode must be passed back to the API").
 */
export function strictChat({ reasons }: { readonly reasons: boolean }): StrictApi {
  const thoughtsOfCalls = new Map<string, string>();
  const kept = (items: readonly Item[]): string | undefined => {
    const thought = reasons ? thoughtOf(items) : undefined;
    for (const item of items)
      if (thought !== undefined && (item.kind === 'call' || item.kind === 'custom'))
        thoughtsOfCalls.set(item.callId, thought);
    return thought;
  };
  const lost = (body: JsonObject): readonly string[] =>
    objectsIn(body['messages']).flatMap((message) =>
      objectsIn(message['tool_calls'])
        .map(({ id }) => thoughtsOfCalls.get(String(id)))
        .filter((thought) => thought !== undefined && message['reasoning_content'] !== thought)
        .map((thought) => `reasoning_content must be passed back: ${String(thought)}`),
    );
  return {
    faultsOf: (body) => [
      ...faultsOfChat(body, { more: reasons ? ['thinking'] : [], takesReasoning: reasons }),
      ...gatewaysOwn(body),
      ...lost(body),
    ],
    lossesOf: () => [],
    refusal: (message) => ({
      error: { message, type: 'invalid_request_error', param: null, code: 'invalid_request_error' },
    }),
    stream: (model, items, turn) => {
      const thought = kept(items);
      const [first, ...rest] = chat.events(model, asFunctions(items), turn).map(([, data]) => data);
      const thinking = thought === undefined ? [] : [thoughtChunk(String(first), thought)];
      return [String(first), ...thinking, ...rest].map((data) => `data: ${data}\n\n`).join('');
    },
    json: (model, items, turn) => {
      const thought = kept(items);
      const whole = chat.json(model, asFunctions(items), turn);
      if (!isJsonObject(whole)) return {};
      const [choice = {}] = objectsIn(whole['choices']);
      const message = { ...(choice['message'] as JsonObject), reasoning_content: thought };
      return { ...whole, choices: [{ ...choice, message }] };
    },
  };
}

function thoughtChunk(first: string, thought: string): string {
  const chunk = JSON.parse(first) as JsonObject;
  return JSON.stringify({
    ...chunk,
    choices: [{ index: 0, delta: { reasoning_content: thought }, finish_reason: null }],
  });
}

/** What goes between us and LiteLLM and is of no provider. */
function gatewaysOwn(body: JsonObject): readonly string[] {
  const messages = objectsIn(body['messages']);
  return [...messages, ...messages.flatMap((message) => objectsIn(message['tool_calls']))]
    .filter((part) => 'provider_specific_fields' in part)
    .map(() => 'Unrecognized request argument supplied: provider_specific_fields');
}
