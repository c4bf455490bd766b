import type { Api } from '../../kernel/exchange.ts';
import type { ApiCodec } from './api-codec.ts';
import { chatCodec } from './chat/codec.ts';
import { messagesCodec } from './messages/codec.ts';
import { responsesCodec } from './responses/codec.ts';

/** The codec of an API; the legacy Completions API has no tools. */
export function codecOf(api: Api): ApiCodec | undefined {
  switch (api) {
    case 'responses':
      return responsesCodec;
    case 'chat':
      return chatCodec;
    case 'messages':
      return messagesCodec;
    case 'completions':
      return undefined;
  }
}
