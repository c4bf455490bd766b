import type { Api } from '../../kernel/exchange.ts';
import type { ApiCodec } from './api-codec.ts';
import { chatCodec } from './chat/codec.ts';
import { completionsCodec } from './completions/codec.ts';
import { messagesCodec } from './messages/codec.ts';
import { responsesCodec } from './responses/codec.ts';

const codecs: Readonly<Record<Api, ApiCodec>> = {
  responses: responsesCodec,
  chat: chatCodec,
  completions: completionsCodec,
  messages: messagesCodec,
};

/** The codec of an API. */
export function codecOf(api: Api): ApiCodec {
  return codecs[api];
}
