import type { Exchange } from '../kernel/exchange.ts';
import type { Reply } from '../kernel/reply.ts';
import type { LocalAnswer } from '../protocol/apis/local-answer.ts';
import { localReply } from '../protocol/local-reply.ts';

/** The reply that says a text as a model would, in the client's own protocol; or more than a text, as `answer` makes it. */
export function answerLocally({ request, id }: Exchange, text: string, answer?: LocalAnswer): Reply {
  const { api, head } = request;
  return localReply(
    {
      api,
      id,
      stream: head.stream,
      model: head.model ?? 'codex-plus',
      nowSeconds: Math.floor(Date.now() / 1000),
      includeUsage: /"include_usage"\s*:\s*true/.test(request.json.toString('latin1')),
    },
    text,
    answer,
  );
}
