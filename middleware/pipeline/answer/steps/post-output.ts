import { placeKey } from '../../../features/hooks/sessions/hook-place.ts';
import type { StartPostOutput } from '../../hooks/start-post-output.ts';
import type { AnswerStep } from '../answer-step.ts';

/**
 * Sends what the user reads through the `post_output` scripts, while it streams. Summaries of a compaction are not
 * for the user.
 */
export function createPostOutputStep(start: StartPostOutput): AnswerStep {
  return {
    name: 'post-output',
    open: ({ turn, state, signal }) => {
      if (turn.kind !== 'user' && turn.kind !== 'subagent') return undefined;
      const place = state.get(placeKey);
      if (place?.hooks.scripts.some(({ slot }) => slot === 'post_output') !== true) return undefined;
      return { texts: () => start(place, signal) };
    },
  };
}
