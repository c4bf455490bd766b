import type { JsonObject } from '../../kernel/json-object.ts';
import type { Conversation } from './conversation.ts';
import { placeKeyOf } from './place-key.ts';
import { digest } from './said-key.ts';
import { saidTexts } from './said-text.ts';
import { isAddedByClient, isAddedText } from './user-prompt.ts';

/** By how much of a conversation was said; asked for several places of one request. */
const branches = new WeakMap<Conversation, string[]>();

/**
 * Names the place of an item in one branch of a conversation: by what was said right before it, as `placeKeyOf` does, and by all that
 * users and models said up to there. Outputs of tools do not count, for some clients shorten those that are old.
 */
export function branchPlaceOf(conversation: Conversation, index: number): string {
  return `${placeKeyOf(conversation, index)} ${branchOf(conversation, index)}`;
}

/** Whether a place is one of a conversation, its end among them. */
export function isPlaceIn(conversation: Conversation, place: string): boolean {
  const at = Number.parseInt(place, 10);
  return at <= conversation.length && branchPlaceOf(conversation, at) === place;
}

/** Whether two places may be one, of a client that left out what is oldest: right before both the same was said. */
export function mayBeMoved(place: string, other: string): boolean {
  const [[at, said], [otherAt, otherSaid]] = [place.split(' '), other.split(' ')];
  return at !== otherAt && (said === otherSaid || at === '0');
}

/** Whether two places are the same one of two branches. */
export function isOtherBranch(place: string, other: string): boolean {
  return place !== other && Number.parseInt(place, 10) === Number.parseInt(other, 10);
}

function branchOf(conversation: Conversation, index: number): string {
  const known = branches.get(conversation) ?? [''];
  branches.set(conversation, known);
  for (let at = known.length - 1; at < index; at += 1) {
    const said = saidIn(conversation.at(at));
    const before = known[at] ?? '';
    known.push(said === undefined ? before : digest(`${before} ${said}`));
  }
  return known[index] ?? '';
}

function saidIn(item: JsonObject): string | undefined {
  const { role } = item;
  if ((role !== 'user' && role !== 'assistant') || isAddedByClient(item)) return undefined;
  const texts = saidTexts(item).filter((text) => !isAddedText(text));
  return texts.length === 0 ? undefined : JSON.stringify([role, texts.join('\n').trim()]);
}
