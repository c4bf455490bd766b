import { canonicalJson } from '../../kernel/canonical-json.ts';
import { isJsonObject, type JsonObject } from '../../kernel/json-object.ts';
import { withoutMember } from '../json/without-member.ts';

/**
 * What an item of a conversation says, the same in whatever form a client writes it: a text alone or as a list of one,
 * the members in any order, with or without what the API takes for granted, its state, and marks for the prompt cache.
 */
export function saidForm(item: JsonObject): string {
  const { type, id, ...rest } = withoutMember(item, 'status');
  const isMessage = typeof rest['role'] === 'string' && (type === undefined || type === 'message');
  // The output of a kind of call names the call as its own id.
  const isNamed = isMessage || rest['call_id'] !== undefined;
  return canonicalJson(plain({ ...rest, ...(isMessage ? {} : { type }), ...(isNamed ? {} : { id }) }));
}

function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (!isJsonObject(value)) return value;
  const { type, text } = value;
  // Each API and each side has a type of its own for a part that is a text.
  if (typeof text === 'string' && typeof type === 'string' && type.endsWith('text')) return { text };
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, member]) => {
      if (member === null || (name === 'cache_control' && isJsonObject(member))) return [];
      const isText = (name === 'content' || name === 'output') && typeof member === 'string';
      return [[name, isText ? [{ text: member }] : plain(member)]];
    }),
  );
}
