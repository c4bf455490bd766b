import type { ApiRequest } from '../../../../kernel/exchange.ts';
import { isJsonObject, parseJson } from '../../../../kernel/json-object.ts';
import { mapElements } from '../../../json/map-elements.ts';
import { withTakenIds } from '../../../translation/call-id.ts';
import { holdsSeal, mayHoldSeal } from '../../../translation/original.ts';
import { objectsIn } from '../../common/read-event.ts';
import { withoutLoopBudget } from './turns/running-loop.ts';

/**
 * The request as Anthropic takes it, where answers of other providers are in its conversation: it signed none of their
 * thinking, and refuses the whole request for it. A tool loop that began with such goes on without a budget to think with. Every
 * message without such keeps its bytes.
 */
export function withoutSeals(request: ApiRequest): ApiRequest {
  if (!mayHoldSeal(request.json)) return request;
  const cleared = mapElements(request, 'messages', withoutSealed);
  return cleared === request ? request : withoutLoopBudget(cleared);
}

/** `undefined` for a message in which there was nothing else: Anthropic refuses an empty one. */
function withoutSealed(text: string): string | undefined {
  const message = mayHoldSeal(text) ? parseJson(text) : undefined;
  if (!isJsonObject(message)) return text;
  const blocks = objectsIn(message['content']);
  const content = blocks
    .filter((block) => !holdsSeal(block))
    .map((block) => withTakenIds(block, ['id', 'tool_use_id']));
  if (content.length === blocks.length && content.every((block, at) => block === blocks[at])) return text;
  return content.length === 0 ? undefined : JSON.stringify({ ...message, content });
}
