import { isJsonObject } from '../../../kernel/json-object.ts';
import { arrayElements, type JsonMember } from '../../json/json-members.ts';
import { memberValue } from '../../json/member-value.ts';
import type { ClientTools } from '../tools-codec.ts';

/** The tools of a list in a body, without a look into them. */
export function listedTools(
  json: Buffer,
  member: JsonMember | undefined,
): Pick<ClientTools, 'count' | 'hasGroup'> {
  const list = json.subarray(member?.valueStart ?? 0, member?.valueEnd ?? 0);
  const count = member === undefined ? 0 : (arrayElements(json, member)?.length ?? 0);
  return { count, hasGroup: groupsNamedIn(list) };
}

/**
 * Says whether JSON names a group, by itself or in the name of a tool: Codex tells some of its tools in the
 * description of another one alone. `undefined` where it names none, as of most clients.
 */
export function groupsNamedIn(json: Buffer): ClientTools['hasGroup'] {
  if (!json.includes(groupPrefix)) return undefined;
  const names = [...new Set(json.toString('latin1').match(groupNames))].join(' ');
  return (group) => names.includes(`${group}__`) || names.includes(`"${group}"`);
}

/** With which the names of all groups begin. */
const groupPrefix = 'mcp__';
/** What a group may be named in, to the next sign that stands in no name. */
const groupNames = /"?mcp__[\w-]*"?/g;

/** Whether `tool_choice` leaves it to the model what to call. It may be told to call nothing. */
export function isFreeChoice(json: Buffer, key = 'tool_choice'): boolean {
  const choice = memberValue(json, key);
  const kind = isJsonObject(choice) ? choice['type'] : choice;
  return choice === undefined || kind === null || kind === 'auto' || kind === 'none';
}
