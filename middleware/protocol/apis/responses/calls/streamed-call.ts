import { canonicalJson } from '../../../../kernel/canonical-json.ts';
import { type JsonObject, parseJson } from '../../../../kernel/json-object.ts';
import { inputAt, textAt } from '../../common/read-event.ts';
import type { ToolCall } from '../../tool-call.ts';
import { callKinds, callTypeOf, streamedInputs } from './call-kinds.ts';

/** What is said of a call's input before its item is done. */
export const inputEvent = new RegExp(`^response\\.(${[...streamedInputs.keys()].join('|')})\\.(.*)`, 's');

/**
 * A call of the Responses API as its stream says it before the item is done. Clients take a call from the item or
 * put it together from what came before, so that both have to say the same.
 */
export class StreamedCall {
  /** Of the item; deltas name it. */
  readonly itemId: string;
  readonly isHeld: boolean;
  readonly #begun: ToolCall;
  /** An action of a tool that the API itself knows grows within the item. */
  readonly #isAction: boolean;
  readonly #deltas: string[] = [];
  readonly #wholes: string[] = [];

  constructor(item: JsonObject, begun: ToolCall, isHeld: boolean) {
    this.itemId = textAt(item, 'id');
    this.isHeld = isHeld;
    this.#begun = begun;
    const kind = callTypeOf(item);
    this.#isAction = kind === undefined || callKinds[kind].streamedAs === undefined;
  }

  /** Takes what an event says of the input: a piece of it, or all. */
  add(type: string, event: JsonObject): void {
    const [, name = '', step] = inputEvent.exec(type) ?? [];
    const member = streamedInputs.get(name);
    if (member === undefined) return;
    if (step === 'delta') this.#deltas.push(inputAt(event, 'delta'));
    if (step === 'done') this.#wholes.push(inputAt(event, member));
  }

  /**
   * Whether an event is about this call: clients go by the id of the item, and by the name of the tool, which
   * OpenAI says at its end.
   */
  isMeantBy(event: JsonObject): boolean {
    const [id, name] = [textAt(event, 'item_id'), textAt(event, 'name')];
    const isItem = id === '' || this.itemId === '' || id === this.itemId;
    return isItem && (name === '' || name === this.#begun.name);
  }

  /** Whether what came before says the same as the item that is done, as far as it says anything. */
  isSameAs(done: ToolCall): boolean {
    const { kind, name, namespace } = this.#begun;
    const isSameTool =
      kind === done.kind && (name === '' || (name === done.name && namespace === done.namespace));
    return (
      isSameTool &&
      this.#hasInputOf(done) &&
      this.#wholes.every((said) => said === '' || isSameInput(said, done.input))
    );
  }

  #hasInputOf(done: ToolCall): boolean {
    const { kind, input } = this.#begun;
    const begun = this.#isAction || input === '{}' ? '' : input;
    const deltas = this.#deltas.join('');
    const saysSame = [begun, deltas].every((said) => said === '' || isSameInput(said, done.input));
    // Who begins an item with the first piece goes on from it; JSON that lacks its beginning is none.
    return saysSame || (kind === 'function' && isSameInput(begun + deltas, done.input));
  }
}

/** Bridges between APIs may write the JSON of an input again, with other white space. */
export function isSameInput(one: string, other: string): boolean {
  if (one === other) return true;
  const [first, second] = [parseJson(one), parseJson(other)];
  return first !== undefined && second !== undefined && canonicalJson(first) === canonicalJson(second);
}
