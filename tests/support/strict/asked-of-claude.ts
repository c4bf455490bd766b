import type { JsonObject } from '../../../middleware/kernel/json-object.ts';
import { objectsIn } from '../../../middleware/protocol/apis/common/read-event.ts';
import { messagesProvider } from '../../../middleware/protocol/apis/messages/translation/provider.ts';
import { responsesClient as client } from '../../../middleware/protocol/apis/responses/translation/client.ts';
import type { ModelTraits } from '../../../middleware/protocol/translation/model-traits.ts';
import { sealOriginal } from '../../../middleware/protocol/translation/original.ts';
import { translateRequest } from '../../../middleware/protocol/translation/translate-request.ts';
import { claude } from './models.ts';

/** Requests of the Responses API, as they go to Claude. */
export const says = (text: string, role = 'user'): JsonObject => ({ role, content: text });
export const sealed = (...blocks: readonly JsonObject[]): JsonObject => ({
  type: 'reasoning',
  summary: [],
  encrypted_content: sealOriginal({ origin: 'anthropic', blocks }),
});
export const own = { type: 'thinking', thinking: 'hm', signature: 's' };
export const call = (call_id: string): JsonObject => ({
  ...{ type: 'function_call', call_id },
  ...{ name: 'exec_command', arguments: '{}' },
});
export const result = (call_id: string): JsonObject => ({
  type: 'function_call_output',
  call_id,
  output: 'done',
});
export const tools = [{ type: 'function', name: 'exec_command', parameters: {} }];
export const askedOf = (
  input: readonly JsonObject[],
  members: JsonObject = {},
  traits: ModelTraits = claude({}),
): JsonObject =>
  translateRequest(
    { model: 'm', reasoning: { effort: 'low' }, tools, input, ...members },
    { client, provider: messagesProvider },
    traits,
  ).body;
export const typesOf = ({ messages }: JsonObject): readonly unknown[] =>
  objectsIn(messages).map(({ role, content }) => [role, ...objectsIn(content).map(({ type }) => type)]);
