import { isJsonObject, type JsonObject } from '../../../kernel/json-object.ts';
import { inputAt, isText, objectAt, objectsIn, textAt } from '../common/read-event.ts';
import { withoutMember } from '../../json/without-member.ts';

/** Puts the deltas of a chat stream together to the message that they are. */
export class ChatMessageBuilder {
  readonly #texts = new Map<string, string[]>();
  readonly #others = new Map<string, unknown>();
  /** Lists go on with every delta. */
  readonly #lists = new Map<string, JsonObject[]>();
  readonly #calls = new Map<string, { item: Record<string, unknown>; readonly input: string[] }>();

  add(delta: JsonObject): void {
    for (const [key, value] of Object.entries(delta)) {
      if (key === 'tool_calls' || value === null) continue;
      if (key === 'role') this.#others.set(key, value);
      else if (typeof value === 'string') this.#textsOf(key).push(value);
      else if (Array.isArray(value)) addTo(this.#listOf(key), objectsIn(value));
      else this.#others.set(key, value);
    }
  }

  /** A piece of a call. Calls are named by the reader: not every provider numbers them right. */
  addCall(key: string, delta: JsonObject): void {
    const known = this.#calls.get(key);
    const call = known ?? { item: {}, input: [] };
    if (known === undefined) this.#calls.set(key, call);
    const kind = isJsonObject(delta['custom']) ? 'custom' : 'function';
    const member = kind === 'custom' ? 'input' : 'arguments';
    const { [member]: piece, ...named } = objectAt(delta, kind);
    if (piece !== undefined && piece !== null && piece !== '') call.input.push(inputAt({ piece }, 'piece'));
    const before = objectAt(call.item, kind);
    const name = joinedName(textAt(before, 'name'), textAt(named, 'name'));
    call.item = {
      ...call.item,
      ...present(withoutMember(delta, 'index')),
      [kind]: { ...before, ...present(named), ...(name === '' ? {} : { name }) },
    };
  }

  /** A call as far as it has come. Puts its input together: not to be asked with every piece. */
  call(key: string): JsonObject {
    return this.#with(key, (pieces) => pieces.join(''));
  }

  /** The same with no more of its input than its first piece. */
  begun(key: string): JsonObject {
    return this.#with(key, (pieces) => pieces[0] ?? '');
  }

  #with(key: string, joined: (pieces: readonly string[]) => string): JsonObject {
    const { item, input } = this.#calls.get(key) ?? { item: {}, input: [] };
    const kind = isJsonObject(item['custom']) ? 'custom' : 'function';
    const member = kind === 'custom' ? 'input' : 'arguments';
    return { ...item, [kind]: { ...objectAt(item, kind), [member]: joined(input) } };
  }

  callKeys(): readonly string[] {
    return [...this.#calls.keys()];
  }

  /** All but the calls. */
  message(): JsonObject {
    const texts = Object.fromEntries([...this.#texts].map(([key, pieces]) => [key, pieces.join('')]));
    const others = Object.fromEntries([...this.#others, ...this.#lists]);
    return { role: 'assistant', content: null, ...others, ...texts };
  }

  #listOf(key: string): JsonObject[] {
    const list = this.#lists.get(key) ?? [];
    this.#lists.set(key, list);
    return list;
  }

  #textsOf(key: string): string[] {
    const pieces = this.#texts.get(key) ?? [];
    this.#texts.set(key, pieces);
    return pieces;
  }
}

/** Some providers send a name piece by piece, others all of it again with every piece of the input. */
function joinedName(before: string, piece: string): string {
  return before === piece ? before : before + piece;
}

/** Adds to a list what goes on with it. LiteLLM streams a thinking block as pieces, of which the last has the signature. */
function addTo(blocks: JsonObject[], pieces: readonly JsonObject[]): void {
  for (const piece of pieces) {
    const last = blocks.at(-1);
    const goesOn = last !== undefined && isThinking(last) && isThinking(piece) && !isSigned(last);
    if (!goesOn) blocks.push(piece);
    else
      blocks[blocks.length - 1] = {
        ...last,
        ...present(piece),
        thinking: textAt(last, 'thinking') + textAt(piece, 'thinking'),
      };
  }
}

function isThinking({ type }: JsonObject): boolean {
  return type === 'thinking';
}

function isSigned({ signature }: JsonObject): boolean {
  return isText(signature);
}

/** What a later piece leaves out or sends empty does not undo what an earlier one said. */
function present(delta: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(delta).filter(([, value]) => value !== null && value !== ''));
}
