import type { Sessions } from '../../features/sessions/sessions.ts';
import { CodexPlusError } from '../../kernel/errors.ts';
import type { RequestStage } from '../../kernel/stage.ts';
import { localResponsePrefix } from '../../protocol/apis/local-answer.ts';
import { previousIdOf } from '../../protocol/conversation/previous-id.ts';
import { followAnswer } from '../kept-answers.ts';

/**
 * A request that goes on from an answer of ours by its id becomes one that goes on from the provider's last answer
 * and sends what was said since, as a client does that sends all. Answers `previous_response_not_found` where what
 * was said is not known any more.
 */
export function createFollowAnswerStage(sessions: Sessions): RequestStage {
  return {
    name: 'follow-answer',
    run: (exchange) => {
      const id = previousIdOf(exchange.request);
      if (id?.startsWith(localResponsePrefix) !== true) return exchange;
      const request = followAnswer(exchange, id, sessions);
      if (request === undefined) throw notFound(id);
      return { ...exchange, received: request, request };
    },
  };
}

function notFound(id: string): CodexPlusError {
  return new CodexPlusError(
    'previous_response_not_found',
    `the previous response ${JSON.stringify(id.slice(0, 100))} is one of codex-plus, which does not have it any more, or never kept it ` +
      '(store: false): go on from an earlier response, or send the whole conversation',
  );
}
