import { isJsonObject, type JsonObject } from '../../../kernel/json-object.ts';
import { mostLookedAt } from '../tool-outcome.ts';
import { encodedIn } from './encoded-in.ts';
import { cleanedInPieces, Turns } from './in-pieces.ts';

type Clean = (text: string) => string;

/** How much more is looked at, in characters as they are shown. Once it is below nothing, no more has a place. */
interface Room {
  left: number;
}

const unlimited = (): Room => ({ left: Infinity });

/**
 * A result of which all texts are cleaned, with others having the event loop in between. Where only so many tokens of it are
 * shown, no more is looked at than whoever cuts it needs to see that there was more; the rest is left out.
 */
export async function cleanedResult(
  result: JsonObject,
  clean: Clean,
  maxTokens = Infinity,
): Promise<JsonObject> {
  return await new ResultCleaner(clean, mostLookedAt(maxTokens)).result(result);
}

/** The same of any other value: all of it. */
export async function cleanedWhole(value: unknown, clean: Clean): Promise<unknown> {
  return await new ResultCleaner(clean, Infinity).whole(value);
}

class ResultCleaner {
  readonly #clean: Clean;
  readonly #most: number;
  readonly #turns = new Turns();

  constructor(clean: Clean, most: number) {
    this.#clean = clean;
    this.#most = most;
  }

  async result(result: JsonObject): Promise<JsonObject> {
    const { content, contents, messages, structuredContent } = result;
    // Where tools, resources and prompts have their blocks.
    const blocks = [content, contents, messages];
    const made: [string, unknown][] = [];
    for (const [name, value] of Object.entries(result)) {
      // What is cut of what is structured, nobody takes for all of it: it is longer than it may be.
      const room = value === structuredContent ? { left: this.#most } : unlimited();
      const isBlocks = Array.isArray(value) && blocks.includes(value);
      const clean = isBlocks ? await this.#blocks(value) : await this.#value(value, room);
      made.push([await this.#text(name, unlimited()), clean]);
    }
    return Object.fromEntries(made);
  }

  async whole(value: unknown): Promise<unknown> {
    return await this.#value(value, unlimited());
  }

  async #blocks(entries: readonly unknown[]): Promise<readonly unknown[]> {
    const rooms = { shown: { left: this.#most }, beside: { left: this.#most } };
    const made: unknown[] = [];
    for (const entry of entries)
      if (rooms.shown.left >= 0 || isPicture(entry)) made.push(await this.#block(entry, rooms));
    return made;
  }

  /** A block of content, a message with one, or the contents of a resource. */
  async #block(block: unknown, rooms: Rooms): Promise<unknown> {
    if (Array.isArray(block)) {
      const made: unknown[] = [];
      for (const one of block) made.push(await this.#block(one, rooms));
      return made;
    }
    if (!isJsonObject(block)) return await this.#value(block, unlimited());
    const encoded = encodedIn(block);
    const made: [string, unknown][] = [];
    for (const [name, value] of Object.entries(block)) {
      const isShown = shownMembers.has(name);
      if (!isShown && !keptMembers.has(name) && rooms.beside.left < 0) continue;
      const cleanName = await this.#text(name, unlimited());
      if (name === encoded) made.push([cleanName, value]);
      else if (holders.has(name)) made.push([cleanName, await this.#block(value, rooms)]);
      else made.push([cleanName, await this.#value(value, this.#roomOf(name, rooms))]);
    }
    return Object.fromEntries(made);
  }

  #roomOf(name: string, { shown, beside }: Rooms): Room {
    if (shownMembers.has(name)) return shown;
    return keptMembers.has(name) ? unlimited() : beside;
  }

  async #value(value: unknown, room: Room): Promise<unknown> {
    if (typeof value === 'string') return await this.#text(value, room);
    room.left -= 1;
    await this.#turns.spent(valueLength);
    if (Array.isArray(value)) {
      const made: unknown[] = [];
      for (const entry of value) {
        if (room.left < 0) break;
        made.push(await this.#value(entry, room));
      }
      return made;
    }
    if (!isJsonObject(value)) return value;
    const made: [string, unknown][] = [];
    for (const [name, entry] of Object.entries(value)) {
      if (room.left < 0) break;
      made.push([await this.#text(name, room), await this.#value(entry, room)]);
    }
    return Object.fromEntries(made);
  }

  async #text(text: string, room: Room): Promise<string> {
    if (room.left < 0) return '';
    const made = await cleanedInPieces(text, this.#clean, { turns: this.#turns, maxLength: room.left });
    room.left -= made.length;
    return made;
  }
}

interface Rooms {
  /** Of what is shown of blocks. */
  readonly shown: Room;
  /** Of what stands beside it: descriptions and the like. */
  readonly beside: Room;
}

/** What a value costs that is no text, counted like characters. */
const valueLength = 16;

/** Members of blocks that hold blocks. */
const holders: ReadonlySet<string> = new Set(['content', 'resource']);
const shownMembers: ReadonlySet<string> = new Set(['text', 'name', 'uri']);
/** Without these, it would be no block. */
const keptMembers: ReadonlySet<string> = new Set(['type', 'role', 'mimeType', 'data', 'blob', ...holders]);

/** What is never cut. */
function isPicture(entry: unknown): boolean {
  if (!isJsonObject(entry)) return false;
  const { content } = entry;
  return encodedIn(isJsonObject(content) ? content : entry) !== undefined;
}
