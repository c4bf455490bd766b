import { addAll } from '../../../../../kernel/bounds/add-all.ts';
import type { ApiRequest } from '../../../../../kernel/exchange.ts';
import { objectIn, parseJson, type JsonObject } from '../../../../../kernel/json-object.ts';
import { arrayElements, lastMember, replaceMembers } from '../../../../json/json-members.ts';
import { withJson } from '../../../../json/with-json.ts';
import type { ModelTraits } from '../../../../translation/model-traits.ts';
import { toldInstructions } from '../../../../translation/told/told-texts.ts';
import { isText, objectsIn } from '../../../common/read-event.ts';
import { withAdded } from './with-added.ts';

const systemRole = /"role"\s*:\s*"system"/;

interface Turn {
  readonly text: string;
  readonly message: JsonObject;
  /** What is told behind what the user says. */
  readonly told: JsonObject[];
}

/**
 * Without messages of the role `system` where the model refuses them: what stands before the first turn joins the instructions,
 * all else is told within the user's turn before it, else within the next one. Every byte of other messages stays, and a
 * conversation that goes on begins as it did. Source: Anthropic API, "Mid-conversation system messages".
 */
export function withTakenRoles(
  request: ApiRequest,
  { takesSystemTurns }: Pick<ModelTraits, 'takesSystemTurns'>,
): ApiRequest {
  const { json } = request;
  if (takesSystemTurns || !systemRole.test(json.toString('latin1'))) return request;
  const list = lastMember(json, 'messages');
  const elements = list === undefined ? undefined : arrayElements(json, list);
  if (list === undefined || elements === undefined) return request;
  const given = elements.map(({ start, end }): Turn => {
    const text = json.toString('utf8', start, end);
    return { text, message: objectIn(parseJson(text)), told: [] };
  });
  const first = given.findIndex(({ message }) => !isSystem(message));
  const conversation = first < 0 ? [] : given.slice(first);
  const leading = given
    .slice(0, given.length - conversation.length)
    .flatMap(({ message }) => textsOf(message));
  const turns = withinTurns(conversation);
  const changes = new Map([[list, `[${turns.map(writtenTurn).join(',')}]`]]);
  if (leading.length === 0) return withJson(request, replaceMembers(json, changes));
  const system = lastMember(json, 'system');
  if (system === undefined)
    return withJson(request, withAdded(replaceMembers(json, changes), [['system', leading]]));
  const own = textsOf({ content: parseJson(json.toString('utf8', system.valueStart, system.valueEnd)) });
  changes.set(system, JSON.stringify([...own, ...leading]));
  return withJson(request, replaceMembers(json, changes));
}

/** The first is no message of the role `system`. */
function withinTurns(conversation: readonly Turn[]): readonly Turn[] {
  const turns: Turn[] = [];
  let waiting: JsonObject[] = [];
  for (const turn of conversation) {
    const last = turns.at(-1);
    if (isSystem(turn.message)) {
      const told = textsOf(turn.message).map(asReminder);
      addAll(isUsers(last) ? last.told : waiting, told);
      continue;
    }
    if (isUsers(turn)) addAll(turn.told, waiting);
    else if (waiting.length > 0) turns.push(turnOf(waiting));
    turns.push(turn);
    waiting = [];
  }
  if (waiting.length > 0) turns.push(turnOf(waiting));
  return turns;
}

function isUsers(turn: Turn | undefined): turn is Turn {
  return turn?.message['role'] === 'user';
}

function isSystem(message: JsonObject): boolean {
  return message['role'] === 'system';
}

function turnOf(told: JsonObject[]): Turn {
  return { text: '', message: { role: 'user', content: [] }, told };
}

/** Once for all that is told in a turn, behind what the user said: the results of calls have to stand first. */
function writtenTurn({ text, message, told }: Turn): string {
  if (told.length === 0) return text;
  const said = isText(message['content']) ? textsOf(message) : objectsIn(message['content']);
  return JSON.stringify({ ...message, content: [...said, ...told] });
}

/** Nothing else is taken there, and no empty text. */
function textsOf({ content }: JsonObject): readonly JsonObject[] {
  const blocks = isText(content) ? [{ type: 'text', text: content }] : objectsIn(content);
  return blocks.filter(({ type, text }) => type === 'text' && isText(text));
}

function asReminder(block: JsonObject): JsonObject {
  return { ...block, text: toldInstructions(String(block['text'])) };
}
