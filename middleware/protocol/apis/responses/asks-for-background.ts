import { isJsonObject, parseJson } from '../../../kernel/json-object.ts';
import { topLevelMembers } from '../../json/json-members.ts';

const no = new Set(['false', 'null']);

/**
 * Whether a call of the Responses API asks for an answer that is fetched later, of the provider or, in
 * `extra_body`, of LiteLLM. Whatever is not plainly a no counts: those behind us take `1` and `"true"` as well.
 */
export function asksForBackground(json: Buffer): boolean {
  return topLevelMembers(json).some(({ key, valueStart, valueEnd }) => {
    if (key !== 'background' && key !== 'extra_body') return false;
    const text = json.toString('utf8', valueStart, valueEnd);
    if (key === 'background') return !no.has(text);
    const value = parseJson(text);
    return isJsonObject(value) && !no.has(JSON.stringify(value['background'] ?? null));
  });
}
