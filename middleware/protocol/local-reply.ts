import type { Api } from '../kernel/exchange.ts';
import type { Reply } from '../kernel/reply.ts';
import { codecOf } from './apis/codec-of.ts';
import { type LocalAnswer } from './apis/local-answer.ts';
import { requestIdHeaders } from './request-id-headers.ts';
import { frameBytes } from './sse/sse-frame.ts';

interface LocalReplyOptions {
  readonly api: Api;
  readonly stream: boolean;
  /** Whether the client asked for `stream_options.include_usage`; only the chat and completions APIs have it. */
  readonly includeUsage?: boolean;
  /** As the client named it; it is told the same again. */
  readonly model: string | undefined;
  /** Of the exchange: letters, digits and dashes. Ids in the answer are made of it. */
  readonly id: string;
  /** Seconds since 1970. */
  readonly nowSeconds: number;
}

/**
 * A text as a model's whole answer in the client's own protocol; nothing was asked of a model, so no tokens are
 * counted. `answer`: what puts it into its form, where it is more than a text.
 */
export function localReply(
  options: LocalReplyOptions,
  text: string,
  answer = codecOf(options.api).local.answer,
): Reply {
  const { stream, id, includeUsage = false } = options;
  const ids = requestIdHeaders(options.api, id);
  const { json, events } = answer({ ...options, model: options.model ?? 'codex-plus', includeUsage }, text);
  return stream
    ? reply(
        ids,
        ['content-type', 'text/event-stream; charset=utf-8', 'cache-control', 'no-cache'],
        framed(events),
      )
    : reply(ids, ['content-type', 'application/json'], Buffer.from(JSON.stringify(json)));
}

function framed(events: ReturnType<LocalAnswer>['events']): Buffer {
  return Buffer.concat(events.map(([event, data]) => frameBytes(data, event)));
}

function reply(ids: readonly string[], headers: readonly string[], bytes: Buffer): Reply {
  return {
    kind: 'reply',
    status: 200,
    headers: [...ids, ...headers, 'content-length', String(bytes.length)],
    body: { kind: 'bytes', bytes },
  };
}
