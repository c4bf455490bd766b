import type { ApiRequest } from '../../../../kernel/exchange.ts';
import { isJsonObject, objectIn, parseJson } from '../../../../kernel/json-object.ts';
import { lastMember, replaceMembers } from '../../../json/json-members.ts';
import { mapElements } from '../../../json/map-elements.ts';
import { withJson } from '../../../json/with-json.ts';
import { objectsIn } from '../../common/read-event.ts';

/**
 * What Anthropic says of thoughts that it did not sign, as its clouds write it too. Source: its errors, as issues quote them:
 * "messages.1.content.0: Invalid `signature` in `thinking` block".
 */
export const unreadable = /Invalid .?(?:signature|data).? in .?(?:redacted_)?thinking.? block/;

const hint = /"(?:redacted_)?thinking"/;
/** A client that wants to hear of it where its conversation was changed. */
const asksForErrors = /"prefix_mismatch_behavior"\s*:\s*"error"/;

/**
 * The request without what was thought in its conversation: another model of the session, which has the same API, may have signed
 * it in its own way, and nothing in a client's conversation says so. In the midst of a tool loop it goes without a budget to think
 * with, for such a loop has to begin with a thought. The same request where nothing was thought.
 */
export function withoutThoughts(request: ApiRequest): ApiRequest {
  const text = request.json.toString();
  if (!hint.test(text) || asksForErrors.test(text)) return request;
  const cleared = mapElements(request, 'messages', withoutBlocks);
  const thinking = lastMember(cleared.json, 'thinking');
  if (cleared === request || thinking === undefined || !isLoopWithBudget(cleared.json)) return cleared;
  return withJson(cleared, replaceMembers(cleared.json, new Map([[thinking, undefined]])));
}

function isLoopWithBudget(json: Buffer): boolean {
  const { thinking, messages } = objectIn(parseJson(json.toString()));
  const last = objectsIn(messages).at(-1);
  return (
    objectIn(thinking)['type'] === 'enabled' &&
    objectsIn(last?.['content']).some(({ type }) => type === 'tool_result')
  );
}

/** `undefined` for a message in which there was nothing else: Anthropic refuses an empty one. */
function withoutBlocks(text: string): string | undefined {
  const message = hint.test(text) ? parseJson(text) : undefined;
  if (!isJsonObject(message)) return text;
  const blocks = objectsIn(message['content']);
  const content = blocks.filter(({ type }) => type !== 'thinking' && type !== 'redacted_thinking');
  if (content.length === blocks.length) return text;
  return content.length === 0 ? undefined : JSON.stringify({ ...message, content });
}
