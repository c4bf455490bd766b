import type { JsonObject } from '../../../../../kernel/json-object.ts';
import type { CallEntry, ContentPart, Entry, ResultEntry } from '../../../../translation/model-request.ts';
import { pictureType } from '../../../../translation/picture-type.ts';
import { isBlob, leftOutBlob, plainJson } from '../../../../translation/told/plain-form.ts';
import { resultNotShown, toldPiece } from '../../../../translation/told/told-texts.ts';
import { inputAt, isText, textAt } from '../../../common/read-event.ts';
import { areParts, readParts } from './read-parts.ts';

/**
 * What an item says that is none of the client's own calls and messages: a call that the provider ran, with what came of it, or a
 * kind that is newer than this. `id` is for a call that has none.
 */
export function readOtherItem(item: JsonObject, id: string): readonly Entry[] {
  const type = textAt(item, 'type');
  if (saidElsewhere.has(type)) return [];
  const isAnswered = isText(item['call_id']);
  if (type.endsWith('_output') && isAnswered) return [readOutput(item)];
  const hasOutcome = Object.entries(item).some(isOutcome);
  // Calls that a client runs have an id of their own, by which what came of them is found further on.
  if (isAnswered && !hasOutcome) return [readCall(item, id)];
  if (isAnswered || type.endsWith('_call')) return [readCall(item, id), resultIn(item, id)];
  return [{ kind: 'user', parts: [{ kind: 'text', text: toldPiece(type, plainJson(said(item))) }] }];
}

/** Their tools and efforts are read with the request; tools of servers that OpenAI calls are offered by nobody else. */
const saidElsewhere: ReadonlySet<string> = new Set([
  'additional_tools',
  'configuration_update',
  'mcp_list_tools',
]);

/** The members that say what came of a call. */
const outcomes: ReadonlySet<string> = new Set([
  ...['output', 'outputs', 'result', 'results', 'error', 'logs', 'stdout', 'stderr'],
]);
/** Which call it is, the tool that is called, and how far it got. */
const heads: ReadonlySet<string> = new Set([
  ...['type', 'id', 'call_id', 'name', 'namespace', 'server_label', 'status'],
]);
/** The members that are all of an input, where there are no others. */
const inputs: ReadonlySet<string> = new Set(['arguments', 'input', 'action']);

function readCall(item: JsonObject, id: string): CallEntry {
  const server = textAt(item, 'server_label');
  return {
    kind: 'call',
    callKind: 'function',
    callId: callIdOf(item, id),
    namespace: textAt(item, 'namespace') || (server === '' ? undefined : `mcp__${server}`),
    name: textAt(item, 'name') || textAt(item, 'type').replace(/_call$/, ''),
    input: inputOf(item),
  };
}

function inputOf(item: JsonObject): string {
  const told = furtherIn(item);
  const [only = '', ...others] = Object.keys(told);
  const isAll = others.length === 0 && inputs.has(only);
  if (!isAll) return plainJson(told);
  return typeof told[only] === 'string' ? told[only] : plainJson(told[only]);
}

/** What a call says itself of what came of it. */
function resultIn(item: JsonObject, id: string): ResultEntry {
  const parts = outcomeIn(item);
  return {
    kind: 'result',
    callId: callIdOf(item, id),
    parts: parts.length === 0 ? [{ kind: 'text', text: resultNotShown }] : parts,
    isError: hasFailed(item),
    foundTools: [],
  };
}

function readOutput(item: JsonObject): ResultEntry {
  const further = furtherIn(item);
  const others: readonly ContentPart[] =
    Object.keys(further).length === 0 ? [] : [{ kind: 'text', text: plainJson(further) }];
  return {
    kind: 'result',
    callId: textAt(item, 'call_id'),
    parts: [...outcomeIn(item), ...others],
    isError: hasFailed(item),
    foundTools: [],
  };
}

function outcomeIn(item: JsonObject): readonly ContentPart[] {
  return Object.entries(item)
    .filter(isOutcome)
    .flatMap(([, value]) => readOutcome(value));
}

/** What is said beside the head and the outcome. */
function furtherIn(item: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(said(item)).filter((member) => !heads.has(member[0]) && !isOutcome(member)),
  );
}

function readOutcome(value: unknown): readonly ContentPart[] {
  if (areParts(value)) return readParts(value);
  if (typeof value !== 'string') return [{ kind: 'text', text: plainJson(value) }];
  const mediaType = pictureType(value);
  if (mediaType !== undefined && isBlob(value))
    return [{ kind: 'image', mediaType, data: value, url: undefined, detail: undefined }];
  return [{ kind: 'text', text: isBlob(value) ? leftOutBlob(value) : value }];
}

/** The members that say something; that all went well says nothing. */
function said(item: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(item).filter(([name, value]) => {
      if (value === undefined || value === null) return false;
      return name === 'status' ? value !== 'completed' : name !== 'type' && name !== 'id';
    }),
  );
}

function isOutcome([name, value]: readonly [string, unknown]): boolean {
  return outcomes.has(name) && value !== undefined && value !== null;
}

function hasFailed({ status, error }: JsonObject): boolean {
  return status === 'failed' || (error !== undefined && error !== null);
}

function callIdOf(item: JsonObject, id: string): string {
  return textAt(item, 'call_id') || inputAt(item, 'id') || id;
}
