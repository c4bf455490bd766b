import { canonicalJson } from '../../../kernel/canonical-json.ts';
import { isJsonObject, type JsonObject } from '../../../kernel/json-object.ts';
import { hasRepeatedKey } from '../../json/has-repeated-key.ts';
import { textAt } from '../common/read-event.ts';

/** The members that deltas go on with, by the type of the delta. */
const growing: ReadonlyMap<string, string> = new Map([
  ['text_delta', 'text'],
  ['thinking_delta', 'thinking'],
  ['signature_delta', 'signature'],
]);

/** Puts the deltas of a content block of the Messages API together. */
export class ContentBlockBuilder {
  readonly #start: JsonObject;
  readonly #texts = new Map<string, string[]>();
  readonly #citations: unknown[] = [];
  readonly #json: string[] = [];

  constructor(start: JsonObject) {
    this.#start = start;
  }

  add(delta: JsonObject): void {
    const type = textAt(delta, 'type');
    if (type === 'input_json_delta') this.#json.push(textAt(delta, 'partial_json'));
    if (type === 'citations_delta') this.#citations.push(delta['citation']);
    const member = growing.get(type);
    if (member === undefined) return;
    const pieces = this.#texts.get(member) ?? [textAt(this.#start, member)];
    this.#texts.set(member, pieces);
    pieces.push(textAt(delta, member));
  }

  /** Whether it begins with one input and goes on with another: some clients keep the first. */
  get hasTwoInputs(): boolean {
    const { input } = this.#start;
    const json = this.#json.join('');
    const isBegun = isJsonObject(input) && Object.keys(input).length > 0;
    return isBegun && json.trim() !== '' && canonicalJson(parsed(json)) !== canonicalJson(input);
  }

  block(): JsonObject {
    const texts = Object.fromEntries([...this.#texts].map(([member, pieces]) => [member, pieces.join('')]));
    const json = this.#json.join('');
    return {
      ...this.#start,
      ...texts,
      ...(this.#citations.length === 0 ? {} : { citations: this.#citations }),
      ...(json.trim() === '' ? {} : { input: parsed(json) }),
    };
  }
}

/** A text that is no JSON, or JSON that may be read in two ways, stays one. */
function parsed(json: string): unknown {
  try {
    const value: unknown = JSON.parse(json);
    return hasRepeatedKey(json) ? json : value;
  } catch {
    return json;
  }
}
