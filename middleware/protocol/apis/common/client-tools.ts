import { isJsonObject } from '../../../kernel/json-object.ts';
import { arrayElements, topLevelMembers, type JsonMember } from '../../json/json-members.ts';
import type { ClientTools } from '../tools-codec.ts';

/** The last member of a name: where there are several, it is the one that counts. */
export function lastMember(json: Buffer, key: string): JsonMember | undefined {
  return topLevelMembers(json).findLast((found) => found.key === key);
}

/** With which the names of all groups begin. */
const groupPrefix = 'mcp__';

/** The tools of a list in a body, without a look into them. */
export function listedTools(
  json: Buffer,
  member: JsonMember | undefined,
): Pick<ClientTools, 'count' | 'hasGroup'> {
  const text = member === undefined ? '' : json.toString('utf8', member.valueStart, member.valueEnd);
  const count = member === undefined ? 0 : (arrayElements(json, member)?.length ?? 0);
  // Most clients name no group at all: one look tells, however many are asked for.
  const namesAny = text.includes(groupPrefix);
  return { count, hasGroup: (group) => namesAny && namesGroup(text, group) };
}

/**
 * Whether a text of JSON names a group, by itself or in the name of a tool: Codex tells some of its tools in the
 * description of another one alone.
 */
export function namesGroup(text: string, group: string): boolean {
  return text.includes(`${group}__`) || text.includes(`"${group}"`);
}

/** Whether `tool_choice` leaves it to the model what to call. It may be told to call nothing. */
export function isFreeChoice(json: Buffer, key = 'tool_choice'): boolean {
  const member = lastMember(json, key);
  if (member === undefined) return true;
  const choice: unknown = JSON.parse(json.toString('utf8', member.valueStart, member.valueEnd));
  const kind = isJsonObject(choice) ? choice['type'] : choice;
  return kind === null || kind === 'auto' || kind === 'none';
}
