import { topLevelMembers } from '../../json/json-members.ts';

/** Whether a call of the Responses API names a conversation that the provider keeps, and adds to it what it has. */
export function isKeptByProvider(json: Buffer): boolean {
  const member = topLevelMembers(json).findLast(({ key }) => key === 'conversation');
  return member !== undefined && json.toString('latin1', member.valueStart, member.valueEnd) !== 'null';
}
