import type { ApiRequest } from '../../kernel/exchange.ts';
import { isJsonObject, type JsonObject } from '../../kernel/json-object.ts';
import { codecOf } from '../apis/codec-of.ts';
import { arrayElements, topLevelMembers, type JsonMember, type JsonSpan } from '../json/json-members.ts';
import { withJson } from '../json/with-json.ts';

/** Items in the place of others, by the indexes of these; none drops one. An item given as bytes is written as they are. */
export type Edits = ReadonlyMap<number, readonly (JsonObject | Buffer)[]>;

/** What stands in the place of an item that the client sent. */
interface Other {
  readonly item: JsonObject | Buffer;
}

type Piece = JsonSpan | Other;

/**
 * The items of a request's conversation: `input` of the Responses API, `messages` of the others. Parsed one by one,
 * when asked. Edits make another conversation; the bytes of the body are put together once, when it is written.
 */
export class Conversation {
  readonly #json: Buffer;
  readonly #pieces: readonly Piece[];
  readonly #parsed: Map<Piece, JsonObject>;
  /** By index, where the client has what stands there; `undefined` where nothing was edited. */
  readonly #places: readonly number[] | undefined;
  /** As the client sent it. */
  readonly received: Conversation;

  private constructor(
    json: Buffer,
    pieces: readonly Piece[],
    edited?: { readonly places: readonly number[]; readonly from: Conversation },
  ) {
    this.#json = json;
    this.#pieces = pieces;
    this.#places = edited?.places;
    this.#parsed = edited === undefined ? new Map<Piece, JsonObject>() : edited.from.#parsed;
    this.received = edited?.from.received ?? this;
  }

  /** `undefined` for a request without any, such as a legacy completion. A plain string is one user message. */
  static of(request: ApiRequest): Conversation | undefined {
    const member = itemsOf(request);
    if (member === undefined) return undefined;
    const spans = arrayElements(request.json, member);
    if (spans !== undefined) return new Conversation(request.json, spans);
    const isText = request.json[member.valueStart] === 0x22;
    return isText
      ? new Conversation(request.json, [{ start: member.valueStart, end: member.valueEnd }])
      : undefined;
  }

  get length(): number {
    return this.#pieces.length;
  }

  /** The item at an index; an empty object for what is no object. */
  at(index: number): JsonObject {
    const piece = this.#pieces[index];
    if (piece === undefined) return {};
    if ('item' in piece && !Buffer.isBuffer(piece.item)) return piece.item;
    const known = this.#parsed.get(piece);
    if (known !== undefined) return known;
    const value: unknown = JSON.parse(this.bytesAt(index).toString());
    const item = typeof value === 'string' ? { role: 'user', content: value } : value;
    const object = isJsonObject(item) ? item : {};
    this.#parsed.set(piece, object);
    return object;
  }

  /** The item's bytes: as the client sent them, where it is the client's. */
  bytesAt(index: number): Buffer {
    const piece = this.#pieces[index];
    if (piece === undefined) return Buffer.alloc(0);
    if (!('item' in piece)) return this.#json.subarray(piece.start, piece.end);
    return Buffer.isBuffer(piece.item) ? piece.item : Buffer.from(JSON.stringify(piece.item));
  }

  /** The items whose bytes hold a text. One search through the body takes far less than one through each item. */
  indexesWith(text: Buffer): readonly number[] {
    const found: number[] = [];
    let at = this.#json.indexOf(text);
    for (const [index, piece] of this.#pieces.entries()) {
      if ('item' in piece) {
        if (this.bytesAt(index).includes(text)) found.push(index);
        continue;
      }
      if (at !== -1 && at < piece.start) at = this.#json.indexOf(text, piece.start);
      if (at !== -1 && at + text.length <= piece.end) found.push(index);
    }
    return found;
  }

  /** Where the client has the item, or what it stands in the place of. */
  placeOf(index: number): number {
    return this.#places?.[index] ?? index;
  }

  /** The conversation with other items in the place of some. */
  edit(edits: Edits): Conversation {
    if (edits.size === 0) return this;
    const places: number[] = [];
    const pieces: Piece[] = [];
    for (const [index, piece] of this.#pieces.entries()) {
      for (const other of edits.get(index)?.map((item) => ({ item })) ?? [piece]) {
        pieces.push(other);
        places.push(this.placeOf(index));
      }
    }
    return new Conversation(this.#json, pieces, { places, from: this });
  }

  /**
   * A request with this conversation in the place of its own; every other byte stays, so that the provider's prompt
   * cache finds the same prefix again. The request itself where nothing was edited.
   */
  writtenTo(request: ApiRequest): ApiRequest {
    const member = this.#places === undefined ? undefined : itemsOf(request);
    if (member === undefined) return request;
    const { json } = request;
    const parts: Buffer[] = [json.subarray(0, member.valueStart), Buffer.from('[')];
    for (let index = 0; index < this.length; index += 1) {
      if (index > 0) parts.push(Buffer.from(','));
      parts.push(this.bytesAt(index));
    }
    parts.push(Buffer.from(']'), json.subarray(member.valueEnd));
    return withJson(request, Buffer.concat(parts));
  }
}

function itemsOf({ api, json }: ApiRequest): JsonMember | undefined {
  const { itemsKey } = codecOf(api).request;
  return topLevelMembers(json).findLast(({ key }) => key === itemsKey);
}
