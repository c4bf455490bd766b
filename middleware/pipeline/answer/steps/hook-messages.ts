import { placeKey } from '../../../features/hooks/sessions/hook-place.ts';
import { asksForJson } from '../../../protocol/asks-for-json.ts';
import { takeForUser } from '../../hooks/user-messages.ts';
import type { AnswerStep } from '../answer-step.ts';

/**
 * Says to the user what hooks want read, at the end of the answer. The model never gets to see it: it is taken out of the
 * conversation again. An answer that no hook speaks to keeps its bytes.
 */
export const hookMessagesStep: AnswerStep = {
  name: 'hook-messages',
  open: (exchange, before) => {
    const place = exchange.state.get(placeKey);
    if (place?.hasReader !== true) return undefined;
    // Whatever runs hooks while the answer is given may have them speak.
    const mayStillSpeak = before.some(
      ({ calls, tools, ended }) => calls !== undefined || tools !== undefined || ended !== undefined,
    );
    const mayBeSaid = place.session.forUser.length > 0 || mayStillSpeak;
    if (!mayBeSaid || asksForJson(exchange.request)) return undefined;
    return { messages: () => takeForUser(place.session) };
  },
};
