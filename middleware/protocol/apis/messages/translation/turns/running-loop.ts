import type { ApiRequest } from '../../../../../kernel/exchange.ts';
import { isJsonObject, objectIn, parseJson, type JsonObject } from '../../../../../kernel/json-object.ts';
import { lastMember, replaceMembers } from '../../../../json/json-members.ts';
import { mapElements } from '../../../../json/map-elements.ts';
import { withJson } from '../../../../json/with-json.ts';
import { withoutAbsent } from '../../../../json/without-absent.ts';
import { objectsIn } from '../../../common/read-event.ts';

/**
 * Whether a tool loop runs that did not begin with a thought. All of it is one turn to Claude, which takes no budget to think with in
 * it. Source: "Thinking in tool and multi-turn workflows" of Anthropic's documentation.
 */
export function isLoopWithoutThought(messages: readonly JsonObject[]): boolean {
  if (!holdsResults(messages.at(-1))) return false;
  const [first] = objectsIn(messages[beginOfLoop(messages)]?.['content']);
  return first === undefined || !isThought(first);
}

/**
 * The request as Claude takes it in such a loop, where a thought was taken out at its begin: without a budget to think with, and without
 * what was thought in the loop, as Claude takes none without. With the next word of the user it thinks again.
 */
export function withoutLoopBudget(request: ApiRequest): ApiRequest {
  const { thinking, messages } = objectIn(parseJson(request.json.toString()));
  return objectIn(thinking)['type'] === 'enabled' && isLoopWithoutThought(objectsIn(messages))
    ? withoutLoopThinking(request)
    : request;
}

/**
 * What Anthropic says of a loop that has to begin with a thought. Source: its errors, as issues quote them: "messages.1.content.0.type:
 * Expected `thinking` or `redacted_thinking`, but found `tool_use`. When `thinking` is enabled, a final `assistant` message must start
 * with a thinking block".
 */
export const thoughtExpected = /Expected .?thinking.? or .?redacted_thinking.?, but found/;

/**
 * The request of a running tool loop without anything that has Claude think, which LiteLLM makes a budget of for models that take
 * nothing else. The same request where no loop runs, or nothing asks for thinking.
 */
export function withoutLoopThinking(request: ApiRequest): ApiRequest {
  const { messages, output_config: config } = objectIn(parseJson(request.json.toString()));
  const all = objectsIn(messages);
  if (!holdsResults(all.at(-1))) return request;
  const { effort, ...others } = objectIn(config);
  const changes = new Map(
    [
      { name: 'thinking', written: undefined },
      ...(effort === undefined ? [] : [{ name: 'output_config', written: writtenConfig(others) }]),
    ].flatMap(({ name, written }) => {
      const member = lastMember(request.json, name);
      return member === undefined ? [] : [[member, written] as const];
    }),
  );
  if (changes.size === 0) return request;
  const plain = withJson(request, replaceMembers(request.json, changes));
  const begin = beginOfLoop(all);
  let at = -1;
  return mapElements(plain, 'messages', (text) => {
    at += 1;
    return at < begin ? text : withoutThoughtsIn(text);
  });
}

function writtenConfig(others: JsonObject): string | undefined {
  const config = withoutAbsent(others);
  return Object.keys(config).length === 0 ? undefined : JSON.stringify(config);
}

const hint = /"(?:redacted_)?thinking"/;

/**
 * A message as its text, without what was thought in it; `undefined` for one in which there was nothing else: Anthropic refuses an
 * empty one.
 */
export function withoutThoughtsIn(text: string): string | undefined {
  const message = hint.test(text) ? parseJson(text) : undefined;
  if (!isJsonObject(message)) return text;
  const blocks = objectsIn(message['content']);
  const content = blocks.filter((block) => !isThought(block));
  if (content.length === blocks.length) return text;
  return content.length === 0 ? undefined : JSON.stringify({ ...message, content });
}

/** The place behind the user's last words; those that stand with results of calls belong to the loop. */
function beginOfLoop(messages: readonly JsonObject[]): number {
  return messages.findLastIndex((message) => message['role'] === 'user' && !holdsResults(message)) + 1;
}

function holdsResults(message: JsonObject | undefined): boolean {
  return objectsIn(message?.['content']).some(({ type }) => type === 'tool_result');
}

function isThought({ type }: JsonObject): boolean {
  return type === 'thinking' || type === 'redacted_thinking';
}
