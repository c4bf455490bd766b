import type { ApiRequest } from '../../../../kernel/exchange.ts';
import { isGiven, isJsonObject, parseJson, type JsonObject } from '../../../../kernel/json-object.ts';
import { lastMember, replaceMembers, type JsonMember } from '../../../json/json-members.ts';
import { mapElements } from '../../../json/map-elements.ts';
import { memberValue, withMember } from '../../../json/member-value.ts';
import { withJson } from '../../../json/with-json.ts';
import { withoutMember } from '../../../json/without-member.ts';
import { compactionPrompt } from '../../../translation/told/told-texts.ts';
import type { SummaryCalls } from '../../../translation/translation-codec.ts';
import { appendItems } from '../../common/append-items.ts';
import { objectsIn } from '../../common/read-event.ts';
import { readWholeAnswer } from './read-answer.ts';
import { readResponsesRequest, requireItems } from './read-request.ts';
import { ResponsesTranslationReader } from './reader.ts';
import { textPart } from './write-content.ts';

const hint = 'compaction_trigger';
const hintBytes = Buffer.from(`"${hint}"`);

/** A call in any kind is no summary, whatever is said before it. */
const ownKinds: SummaryCalls['provider'] = {
  openReader: (names, { maker }, callIds) =>
    new ResponsesTranslationReader(names, maker, callIds, { hasAllKinds: true }),
  readAnswer: (answer, names, { maker }, callIds) =>
    readWholeAnswer(answer, new ResponsesTranslationReader(names, maker, callIds, { hasAllKinds: true })),
};

/** Calls of which an item asks for a summary. */
export const asksByItem: SummaryCalls = {
  isAsked: ({ json }) =>
    json.includes(hintBytes) && objectsIn(memberValue(json, 'input')).some(({ type }) => type === hint),
  question: (request) => asQuestion(withPrompt(request)),
  read: readSummaryRequest,
  provider: ownKinds,
};

/** Calls whose path asks for one. The API has no stream for it, and keeps nothing of it. */
export const asksByPath: SummaryCalls = {
  isAsked: () => true,
  question: (request) => {
    const { head } = request;
    requireConversation(request.json);
    const whole = { ...request, path: '/responses', head: { ...head, stream: false } };
    const said = appendItems(withoutTriggers(whole), 'input', [prompt]);
    return asQuestion(withMember(withMember(said, 'stream', false), 'store', false));
  },
  read: readSummaryRequest,
  provider: ownKinds,
};

/** Where a conversation to be summed up may be kept at its provider. */
const keptAt = ['previous_response_id', 'conversation', 'prompt'];

/** Throws for a call that has nothing to sum up. */
function requireConversation(json: Buffer): void {
  const members = [...keptAt, 'input'].map((name) => [name, memberValue(json, name)] as const);
  refuseFaultyInput(Object.fromEntries(members));
}

/** Throws a CodexPlusError for a conversation that nobody could read, unless all of it is kept at its provider. */
export function refuseFaultyInput(body: JsonObject): void {
  const isKept = keptAt.some((name) => isGiven(body[name]));
  if (!isKept) requireItems(body['input']);
}

function readSummaryRequest({ head }: ApiRequest): ReturnType<SummaryCalls['read']> {
  return readResponsesRequest({ ...head, input: [{ type: hint }] });
}

const prompt = { type: 'message', role: 'user', content: [textPart(compactionPrompt)] };

function withPrompt(request: ApiRequest): ApiRequest {
  return mapElements(request, 'input', (text) => (isTrigger(text) ? JSON.stringify(prompt) : text));
}

function withoutTriggers(request: ApiRequest): ApiRequest {
  return mapElements(request, 'input', (text) => (isTrigger(text) ? undefined : text));
}

function isTrigger(text: string): boolean {
  if (!text.includes(hint)) return false;
  const item = parseJson(text);
  return isJsonObject(item) && item['type'] === hint;
}

/** With words alone for an answer, of no form; what was offered stays, as it is part of what the provider has in its cache. */
function asQuestion(request: ApiRequest): ApiRequest {
  const { json } = request;
  const changes = new Map<JsonMember, string | undefined>();
  const [choice, text] = [lastMember(json, 'tool_choice'), lastMember(json, 'text')];
  if (choice !== undefined) changes.set(choice, undefined);
  const form = text === undefined ? undefined : memberValue(json, 'text');
  if (text !== undefined && isJsonObject(form) && 'format' in form)
    changes.set(text, JSON.stringify(withoutMember(form, 'format')));
  const plain = changes.size === 0 ? request : withJson(request, replaceMembers(json, changes));
  return offersTools(json) ? withMember(plain, 'tool_choice', 'none') : plain;
}

function offersTools(json: Buffer): boolean {
  const isListed = objectsIn(memberValue(json, 'tools')).length > 0;
  return isListed || objectsIn(memberValue(json, 'input')).some(({ type }) => type === 'additional_tools');
}
