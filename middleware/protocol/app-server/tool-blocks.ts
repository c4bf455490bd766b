import { addAll } from '../../kernel/bounds/add-all.ts';
/** What becomes of an answer whose text has `<use_tool>` blocks in it, by which some clients have tools called. */
export interface ToolBlockRules {
  /** Whether the answer ends behind its first block, or behind those that follow each other closely. */
  readonly stopAfterTools: 'never' | 'first' | 'burst';
  /** `burst`: how long the next block may take to begin. */
  readonly stopAfterToolsGraceMs: number;
  /** Whether what is said behind the last block is left out. */
  readonly suppressTailAfterTools: boolean;
  /** The answer ends behind so many blocks; 0: however many there are. */
  readonly toolBlockMax: number;
}

const opening = '<use_tool';
const closing = '</use_tool>';

/** Whether anything of an answer could change by the rules. */
export function concernsAnswers({
  stopAfterTools,
  suppressTailAfterTools,
  toolBlockMax,
}: ToolBlockRules): boolean {
  return stopAfterTools !== 'never' || suppressTailAfterTools || toolBlockMax > 0;
}

/**
 * Follows the blocks in a text that comes in pieces. What stands behind a block is held until the next one begins, for
 * only then it is known not to be the last. Each letter is looked at once.
 */
export class ToolBlocks {
  readonly #rules: ToolBlockRules;
  #isInside = false;
  #count = 0;
  #isOver = false;
  /** What is held behind a block. */
  #held: string[] = [];
  /** The last letters of what was looked at: a tag may come in pieces. */
  #last = '';

  constructor(rules: ToolBlockRules) {
    this.#rules = rules;
  }

  /** Whether a block ended and none has begun since. */
  get isBehindBlock(): boolean {
    return this.#count > 0 && !this.#isInside;
  }

  /** Whether nothing more of the answer is to be given. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** What the client gets of a piece. */
  add(text: string): string {
    const given: string[] = [];
    let rest = text;
    while (rest !== '' && !this.#isOver) {
      const tag = this.#isInside ? closing : opening;
      const seen = this.#last + rest;
      const at = seen.indexOf(tag);
      const end = at < 0 ? rest.length : at + tag.length - this.#last.length;
      this.#take(rest.slice(0, end), given);
      this.#last = at < 0 ? seen.slice(1 - tag.length) : '';
      rest = rest.slice(end);
      if (at >= 0) this.#pass(given);
    }
    return given.join('');
  }

  #take(text: string, given: string[]): void {
    if (this.#isHolding()) this.#held.push(text);
    else given.push(text);
  }

  /** A tag ends here. */
  #pass(given: string[]): void {
    this.#isInside = !this.#isInside;
    if (this.#isInside) {
      addAll(given, this.#held);
      this.#held = [];
      return;
    }
    this.#count += 1;
    const { stopAfterTools, toolBlockMax } = this.#rules;
    this.#isOver = stopAfterTools === 'first' || (toolBlockMax > 0 && this.#count >= toolBlockMax);
  }

  #isHolding(): boolean {
    const { stopAfterTools, suppressTailAfterTools } = this.#rules;
    return this.isBehindBlock && (suppressTailAfterTools || stopAfterTools === 'burst');
  }
}
