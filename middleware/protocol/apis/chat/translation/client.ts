import type { ApiRequest } from '../../../../kernel/exchange.ts';
import { isJsonObject, parseJson, parseJsonObject, type JsonObject } from '../../../../kernel/json-object.ts';
import { mapElements } from '../../../json/map-elements.ts';
import { functionArguments } from '../../../translation/as-function.ts';
import type { ClientTranslation } from '../../../translation/translation-codec.ts';
import { objectAt, objectsIn, textAt } from '../../common/read-event.ts';
import { chatOptions } from '../options.ts';
import { refuseFaulty, refuseNoMessages, refuseOddChat } from '../refuse-broken.ts';
import { withTakenEffort } from './effort.ts';
import { unreadable, withoutSignatures } from './originals.ts';
import { readChatRequest } from './read-request.ts';
import { refusedReasoning } from './takes-reasoning.ts';
import { writeChatAnswer } from './write-answer.ts';
import { withoutForeignThoughts, withoutReasoning } from './without-foreign-thoughts.ts';
import { ChatTranslationWriter } from './writer.ts';

/** The request with arguments of calls that are no JSON as objects. The same request where there are none. */
function withObjectArguments(request: ApiRequest): ApiRequest {
  return mapElements(request, 'messages', (text) => {
    const message = text.includes('"tool_calls"') ? parseJson(text) : undefined;
    if (!isJsonObject(message)) return text;
    const given = objectsIn(message['tool_calls']);
    const calls = given.map(withObject);
    return calls.every((call, at) => call === given[at])
      ? text
      : JSON.stringify({ ...message, tool_calls: calls });
  });
}

function withObject(call: JsonObject): JsonObject {
  const called = objectAt(call, 'function');
  const input = textAt(called, 'arguments');
  if (parseJsonObject(input) !== undefined) return call;
  return { ...call, function: { ...called, arguments: functionArguments({ callKind: 'function', input }) } };
}

/** Clients of the Chat Completions API at providers that have another. */
export const chatClient: ClientTranslation = {
  path: '/chat/completions',
  readRequest: readChatRequest,
  options: chatOptions,
  refuseOdd: refuseOddChat,
  refuseEmpty: refuseNoMessages,
  refuseFaulty,
  openWriter: (request, nowSeconds) => new ChatTranslationWriter(request, nowSeconds),
  writeAnswer: writeChatAnswer,
  withoutSeals: withoutForeignThoughts,
  withTakenEffort,
  repairs: [
    {
      words: unreadable,
      what: 'signatures that its provider refuses',
      without: withoutSignatures,
      // Another deployment gave those of one conversation; the model wants its own.
      isOfModel: false,
    },
    {
      words: refusedReasoning,
      what: 'reasoning that its provider does not know',
      without: withoutReasoning,
      isOfModel: true,
    },
    {
      // LiteLLM's, before it asks Gemini.
      words: /Unable to convert openai tool calls/,
      what: 'the form of arguments that are no JSON',
      without: withObjectArguments,
      isOfModel: true,
    },
  ],
};
