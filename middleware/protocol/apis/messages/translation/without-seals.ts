import type { ApiRequest } from '../../../../kernel/exchange.ts';
import { isJsonObject, parseJson, type JsonObject } from '../../../../kernel/json-object.ts';
import { arrayElements, lastMember, replaceValue } from '../../../json/json-members.ts';
import { withJson } from '../../../json/with-json.ts';
import { sealPrefix } from '../../../translation/original.ts';
import { objectsIn, textAt } from '../../common/read-event.ts';

const sealHint = Buffer.from(`"${sealPrefix}`);

/**
 * The request as Anthropic takes it, where answers of other providers are in its conversation: it signed none of their
 * thinking, and refuses the whole request for it. Every message without such keeps its bytes.
 */
export function withoutSeals(request: ApiRequest): ApiRequest {
  const { json } = request;
  if (!json.includes(sealHint)) return request;
  const messages = lastMember(json, 'messages');
  const elements = messages === undefined ? undefined : arrayElements(json, messages);
  if (messages === undefined || elements === undefined) return request;
  const kept = elements.flatMap(({ start, end }) => withoutSealed(json.toString('utf8', start, end)));
  return withJson(request, replaceValue(json, messages, `[${kept.join(',')}]`));
}

/** Nothing of a message in which there was nothing else: Anthropic refuses an empty one. */
function withoutSealed(text: string): readonly string[] {
  const message = text.includes(sealPrefix) ? parseJson(text) : undefined;
  if (!isJsonObject(message)) return [text];
  const blocks = objectsIn(message['content']);
  const content = blocks.filter((block) => !isSealed(block));
  if (content.length === blocks.length) return [text];
  return content.length === 0 ? [] : [JSON.stringify({ ...message, content })];
}

function isSealed(block: JsonObject): boolean {
  return block['type'] === 'thinking' && textAt(block, 'signature').startsWith(sealPrefix);
}
