import type { Api } from '../../kernel/exchange.ts';
import type { CallDialect } from './call-dialect.ts';
import { chatDialect } from './chat-dialect.ts';
import { messagesDialect } from './messages-dialect.ts';
import { responsesDialect } from './responses-dialect.ts';

/** The dialect of an API; the legacy Completions API has no tools. */
export function callDialectOf(api: Api): CallDialect | undefined {
  switch (api) {
    case 'responses':
      return responsesDialect;
    case 'chat':
      return chatDialect;
    case 'messages':
      return messagesDialect;
    case 'completions':
      return undefined;
  }
}
