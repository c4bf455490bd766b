import type { ApiRequest } from '../../kernel/exchange.ts';
import { isJsonObject, type JsonObject } from '../../kernel/json-object.ts';
import { codecOf } from '../apis/codec-of.ts';
import { arrayElements, topLevelMembers, type JsonMember, type JsonSpan } from '../json/json-members.ts';
import { withJson } from '../json/with-json.ts';

/** The items of a request's conversation: `input` of the Responses API, `messages` of the others. Parsed one by one, when asked. */
export class Conversation {
  readonly #request: ApiRequest;
  readonly #member: JsonMember;
  readonly #spans: readonly JsonSpan[];
  readonly #parsed = new Map<number, JsonObject>();

  private constructor(request: ApiRequest, member: JsonMember, spans: readonly JsonSpan[]) {
    this.#request = request;
    this.#member = member;
    this.#spans = spans;
  }

  /** `undefined` for a request without any, such as a legacy completion. A plain string is one user message. */
  static of(request: ApiRequest): Conversation | undefined {
    const { itemsKey } = codecOf(request.api).request;
    const member = topLevelMembers(request.json).findLast(({ key }) => key === itemsKey);
    if (member === undefined) return undefined;
    const spans = arrayElements(request.json, member);
    if (spans !== undefined) return new Conversation(request, member, spans);
    const isText = request.json[member.valueStart] === 0x22;
    return isText
      ? new Conversation(request, member, [{ start: member.valueStart, end: member.valueEnd }])
      : undefined;
  }

  get length(): number {
    return this.#spans.length;
  }

  /** The item at an index; an empty object for what is no object. */
  at(index: number): JsonObject {
    const known = this.#parsed.get(index);
    if (known !== undefined) return known;
    const value: unknown = JSON.parse(this.bytesAt(index).toString());
    const item = typeof value === 'string' ? { role: 'user', content: value } : value;
    const object = isJsonObject(item) ? item : {};
    this.#parsed.set(index, object);
    return object;
  }

  /** The item's bytes as the client sent them. */
  bytesAt(index: number): Buffer {
    const { start, end } = this.#spans[index] ?? { start: 0, end: 0 };
    return this.#request.json.subarray(start, end);
  }

  /**
   * The request with other items in the place of some, none to drop one; every other byte stays, so that the provider's
   * prompt cache finds the same prefix again. An item given as bytes is written as they are.
   */
  replace(replacements: ReadonlyMap<number, readonly (JsonObject | Buffer)[]>): ApiRequest {
    if (replacements.size === 0) return this.#request;
    const { json } = this.#request;
    const items = this.#spans.flatMap(({ start, end }, index) => {
      const others = replacements.get(index);
      return others === undefined
        ? [json.subarray(start, end)]
        : others.map((item) => (Buffer.isBuffer(item) ? item : Buffer.from(JSON.stringify(item))));
    });
    const parts: Buffer[] = [json.subarray(0, this.#member.valueStart), Buffer.from('[')];
    for (const [index, item] of items.entries()) {
      if (index > 0) parts.push(Buffer.from(','));
      parts.push(item);
    }
    parts.push(Buffer.from(']'), json.subarray(this.#member.valueEnd));
    return withJson(this.#request, Buffer.concat(parts));
  }
}
