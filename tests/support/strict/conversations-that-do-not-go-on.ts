import { objectsIn } from '../../../middleware/protocol/apis/common/read-event.ts';
import type { StrictCall } from './strict-providers.ts';

/** Requests of one session that do not begin as the one before them ended: no cache of prompts could use them. */
export function conversationsThatDoNotGoOn(calls: readonly StrictCall[]): readonly string[] {
  const said = calls.map(({ body }) => {
    const { messages, contents, input } = body;
    const turns = objectsIn(messages ?? contents ?? input);
    // The marks of what is to be kept move on with the conversation.
    return turns.map((turn) => JSON.stringify(turn).replace(/,"cache_control":\{[^}]*\}/g, ''));
  });
  return said.slice(1).flatMap((turns, at) => {
    const before = said[at] ?? [];
    const changed = before.findIndex((turn, index) => turn !== turns[index]);
    return changed < 0 ? [] : [`request ${at + 2}, turn ${changed}: ${String(turns[changed])}`];
  });
}
