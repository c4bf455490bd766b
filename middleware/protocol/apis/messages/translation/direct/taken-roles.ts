import { addAll } from '../../../../../kernel/bounds/add-all.ts';
import type { ApiRequest } from '../../../../../kernel/exchange.ts';
import { objectIn, parseJson, type JsonObject } from '../../../../../kernel/json-object.ts';
import { arrayElements, lastMember, replaceMembers } from '../../../../json/json-members.ts';
import { withJson } from '../../../../json/with-json.ts';
import type { ModelTraits } from '../../../../translation/model-traits.ts';
import { instructionsShow, leftOutPart, toldInstructions } from '../../../../translation/told/told-texts.ts';
import { isText, objectsIn } from '../../../common/read-event.ts';
import { areMessagesParts } from '../blocks/read-parts.ts';
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
  const before = given.slice(0, given.length - conversation.length).map(({ message }) => message);
  const leading = before.flatMap(textsOf);
  const turns = withinTurns(conversation, before.flatMap(shownIn));
  const changes = new Map([[list, `[${turns.map(writtenTurn).join(',')}]`]]);
  if (leading.length === 0) return withJson(request, replaceMembers(json, changes));
  const system = lastMember(json, 'system');
  if (system === undefined)
    return withJson(request, withAdded(replaceMembers(json, changes), [['system', leading]]));
  const own = blocksOf({ content: parseJson(json.toString('utf8', system.valueStart, system.valueEnd)) });
  changes.set(system, JSON.stringify([...own, ...leading]));
  return withJson(request, replaceMembers(json, changes));
}

/** The first is no message of the role `system`. `shown`: what those before it had beside their texts. */
function withinTurns(conversation: readonly Turn[], shown: readonly JsonObject[]): readonly Turn[] {
  const turns: Turn[] = [];
  let waiting = [...shown];
  for (const turn of conversation) {
    const last = turns.at(-1);
    if (isSystem(turn.message)) {
      const told = [...textsOf(turn.message).map(asReminder), ...shownIn(turn.message)];
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
  return JSON.stringify({ ...message, content: [...blocksOf(message), ...told] });
}

/** Without empty texts, which are refused. */
function blocksOf({ content }: JsonObject): readonly JsonObject[] {
  const blocks = isText(content) ? [{ type: 'text', text: content }] : objectsIn(content);
  return blocks.filter(({ type, text }) => type !== 'text' || isText(text));
}

/** Nothing else is taken as instructions. */
function textsOf(message: JsonObject): readonly JsonObject[] {
  return blocksOf(message).filter(({ type }) => type === 'text');
}

/** The rest, as a turn of the user takes it. */
function shownIn(message: JsonObject): readonly JsonObject[] {
  const shown = blocksOf(message).filter(({ type }) => type !== 'text');
  if (shown.length === 0) return [];
  const taken = shown.map((block) =>
    areMessagesParts([block]) ? block : { type: 'text', text: leftOutPart(block['type']) },
  );
  return [{ type: 'text', text: instructionsShow }, ...taken];
}

function asReminder(block: JsonObject): JsonObject {
  return { ...block, text: toldInstructions(String(block['text'])) };
}
