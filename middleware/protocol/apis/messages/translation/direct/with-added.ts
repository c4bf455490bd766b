import { topLevelMembers } from '../../../../json/json-members.ts';

/** A JSON object with members before those that it has, of which there is at least one; every byte of these stays. */
export function withAdded(json: Buffer, added: readonly (readonly [string, unknown])[]): Buffer {
  const at = topLevelMembers(json)[0]?.start ?? 0;
  const texts = added.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)},`);
  return Buffer.concat([json.subarray(0, at), Buffer.from(texts.join('')), json.subarray(at)]);
}
