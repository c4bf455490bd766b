import { Client, type ClientOptions, type Implementation } from '@modelcontextprotocol/client';
import { isWithinDepth } from '../../../kernel/bounds/is-within-depth.ts';
import { roughSize } from '../../../kernel/bounds/rough-size.ts';
import { isJsonObject } from '../../../kernel/json-object.ts';
import { maxItemDepth, maxListItems } from '../list-bounds.ts';

/** Where the items of each list stand in its pages. */
const listed = new Map([
  ['tools/list', 'tools'],
  ['prompts/list', 'prompts'],
  ['resources/list', 'resources'],
  ['resources/templates/list', 'resourceTemplates'],
]);

const maxPages = 64;
/** In characters. */
const maxSize = 16 * 1024 * 1024;

/** What was read of a list so far. */
interface Progress {
  items: number;
  size: number;
  readonly cursors: Set<unknown>;
}

/**
 * A client that reads lists up to a bound: the SDK's own gives a list of too many pages up, and keeps whatever comes in
 * fewer of them. Each list is to be read by one at a time.
 */
export class BoundedListClient extends Client {
  readonly #onCut: (list: string) => void;
  readonly #progress = new Map<string, Progress>();

  constructor(info: Implementation, options: ClientOptions, onCut: (list: string) => void) {
    super(info, options);
    this.#onCut = onCut;
  }

  /** As in the SDK, which reads pages by it; whatever it is given or gives has the same types. */
  override async request(...args: readonly unknown[]): Promise<never> {
    const result: unknown = await super.request(...(args as Parameters<Client['request']>));
    const [asked] = args;
    if (isJsonObject(asked) && isJsonObject(result)) this.#bound(asked, result);
    return result as never;
  }

  #bound({ method, params }: Readonly<Record<string, unknown>>, page: Record<string, unknown>): void {
    const name = listed.get(String(method));
    const items = name === undefined ? undefined : page[name];
    if (name === undefined || !Array.isArray(items)) return;
    const isFirst = !isJsonObject(params) || params['cursor'] === undefined;
    const progress = (isFirst ? undefined : this.#progress.get(name)) ?? begun();
    this.#progress.set(name, progress);
    const usable = items.filter((item) => isWithinDepth(item, maxItemDepth));
    const kept = itemsWithin(usable, progress);
    const { nextCursor } = page;
    const isLast = kept.length < usable.length || !goesOn(progress, nextCursor);
    page[name] = kept;
    if (isLast) delete page['nextCursor'];
    if (kept.length < items.length || (isLast && nextCursor !== undefined)) this.#onCut(name);
  }
}

function begun(): Progress {
  return { items: 0, size: 0, cursors: new Set() };
}

/** Whether the page behind a cursor is read; one that comes again would lead round in a circle. */
function goesOn({ items, cursors }: Progress, cursor: unknown): boolean {
  if (items >= maxListItems || cursors.size >= maxPages - 1 || cursors.has(cursor)) return false;
  cursors.add(cursor);
  return true;
}

function itemsWithin(items: readonly unknown[], progress: Progress): readonly unknown[] {
  const end = items.findIndex((item) => {
    progress.size += roughSize(item);
    progress.items += 1;
    return progress.items > maxListItems || progress.size > maxSize;
  });
  return end === -1 ? items : items.slice(0, end);
}
