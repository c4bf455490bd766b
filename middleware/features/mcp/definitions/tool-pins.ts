import { createHash, randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { Tool } from '@modelcontextprotocol/client';
import { BoundedMap } from '../../../kernel/bounds/bounded-map.ts';
import { remembered } from '../../../kernel/bounds/remembered.ts';
import { canonicalJson } from '../../../kernel/canonical-json.ts';
import type { Log } from '../../../kernel/log.ts';
import { SharedFile } from '../../../platform/store/shared-file.ts';
import { toldDefinition } from './fingerprint.ts';
import { pruneFolder } from './prune-folder.ts';
import {
  formatPinRecord,
  isAccepted,
  parsePinRecord,
  withAccepted,
  withSeen,
  withUnsaved,
  type HeldDefinition,
  type PinRecord,
  type SeenDefinition,
} from './pin-record.ts';
import { isToolSized } from './safe-definition.ts';

/** Whose definitions are remembered. */
export interface PinPlace {
  readonly server: string;
  /** The project that brings the server along; the user's own are the same everywhere. */
  readonly project: string | undefined;
  /** Where it is used. */
  readonly workspace: string;
}

/** A tool whose definition is another one than its user knows. */
export interface HeldTool extends Omit<HeldDefinition, 'fingerprint' | 'mark'> {
  readonly name: string;
}

/** Tools that are held back, as their user is shown them. */
export interface HeldTools {
  /** As many as anybody reads at once. */
  readonly tools: readonly HeldTool[];
  /** How many there are beside them. */
  readonly more: number;
  /** Stands for these tools with these definitions: who accepts them gives it back. Empty where there are none. */
  readonly mark: string;
}

/** What came of accepting tools: their names, or what is held back instead of what was shown. */
export type Acceptance =
  | { readonly kind: 'accepted'; readonly tools: readonly string[] }
  | { readonly kind: 'held'; readonly held: HeldTools };

export const noneHeld: HeldTools = { tools: [], more: 0, mark: '' };

interface ToolPinsOptions {
  readonly stateDir: string;
  readonly log: Log;
  /** A clock that only goes forward, in milliseconds. */
  readonly now: () => number;
}

/** One list of a server's tools in one place, and what is known of it. */
interface SeenList {
  readonly seen: readonly { readonly tool: Tool; readonly definition: SeenDefinition }[];
  usable: readonly Tool[];
  /** The last look at what counts. */
  look: { readonly end: Promise<void>; readonly at: number; readonly accepts: number } | undefined;
  /** The look that what may be used is of. */
  seenBy: SeenList['look'];
}

/** Which definitions are accepted. */
export interface Accepting {
  /** All that are shown, where none is named. */
  readonly tool: string | undefined;
  /** Of what was shown; `undefined` where nothing was. */
  readonly mark: string | undefined;
}

interface Pins {
  readonly file: SharedFile<PinRecord>;
  /** What could not be written. */
  unsaved: PinRecord | undefined;
}

const maxOpen = 1_000;
const maxShown = 20;
/** In how many places one list is used at a time: a server of the user may be in all projects. */
const maxPlaces = 100;
/** How long the same list counts without a look at the file, in which another process may have accepted something. */
const believedMs = 1_000;
/** Of servers of all projects; those that were changed longest ago are forgotten first. */
const maxFiles = 10_000;
const empty: PinRecord = new Map();

/**
 * The definitions that the tools of each server had when they were first seen, in a file each. One that has another one later may
 * not be used before its user said so: whoever allowed a server has read what it said then.
 */
export class ToolPins {
  readonly #dir: string;
  readonly #log: Log;
  readonly #pins = new BoundedMap<string, Pins>(maxOpen);
  readonly #listeners = new Map<string, Set<() => void>>();
  readonly #now: () => number;
  readonly #places = remembered((_: readonly Tool[]) => new BoundedMap<string, SeenList>(maxPlaces));
  /** How often definitions were accepted. */
  #accepts = 0;

  constructor({ stateDir, log, now }: ToolPinsOptions) {
    this.#dir = join(stateDir, 'mcp-tools');
    this.#log = log;
    this.#now = now;
  }

  /**
   * Those of the tools that may be used, as the server tells them; what is new is remembered. Every turn begins with the same
   * list: it is read once, and one look at the file does for all who come meanwhile.
   */
  async settle(place: PinPlace, tools: readonly Tool[]): Promise<readonly Tool[]> {
    const list = this.#listIn(place, tools);
    if (!this.#isFresh(list)) {
      const look = { end: this.#look(place, list), at: this.#now(), accepts: this.#accepts };
      list.look = look;
      await look.end;
      list.seenBy = look;
    } else await list.look?.end;
    return list.usable;
  }

  /** The same where that was looked at just now; `undefined` where it has to be. */
  settled(place: PinPlace, tools: readonly Tool[]): readonly Tool[] | undefined {
    const list = this.#listIn(place, tools);
    return this.#isSettled(list) ? list.usable : undefined;
  }

  #isSettled(list: SeenList): boolean {
    return this.#isFresh(list) && list.look === list.seenBy;
  }

  #isFresh({ look }: SeenList): boolean {
    return look?.accepts === this.#accepts && this.#now() - look.at < believedMs;
  }

  async #look(place: PinPlace, list: SeenList): Promise<void> {
    const definitions = list.seen.map(({ definition }) => definition);
    const record = await this.#see(place, definitions);
    const usable = list.seen.flatMap(({ tool, definition }) =>
      isAccepted(record, definition) ? [tool] : [],
    );
    const isSame =
      usable.length === list.usable.length && usable.every((tool, at) => tool === list.usable[at]);
    // The same object for as long as nothing changed: what is made of it is kept as well.
    if (!isSame) list.usable = usable;
  }

  #listIn(place: PinPlace, tools: readonly Tool[]): SeenList {
    const key = nameOf(place);
    const lists = this.#places(tools);
    const known = lists.get(key);
    if (known !== undefined) return known;
    const seen = tools.filter(isToolSized).map((tool) => ({ tool, definition: seenIn(tool, place) }));
    const list: SeenList = { seen, usable: [], look: undefined, seenBy: undefined };
    lists.set(key, list);
    return list;
  }

  /** Whether a tool may not be used, of which the server told one of these definitions, or none. */
  async holds(place: PinPlace, name: string, told: readonly Tool[]): Promise<boolean> {
    const list = this.#listIn(place, told);
    const seen = list.seen.filter(({ tool }) => tool.name === name);
    // Of a turn that was just offered them, each call would look at the file once more.
    if (this.#isSettled(list) && seen.length > 0 && seen.every(({ tool }) => list.usable.includes(tool)))
      return false;
    const record = await this.#see(
      place,
      seen.map(({ definition }) => definition),
    );
    return record.get(name)?.held !== undefined;
  }

  /** The tools of a server that are held back, or one of them. */
  async held(place: PinPlace, tool?: string): Promise<HeldTools> {
    return shown(heldIn(await this.#read(place), tool));
  }

  /** Has the definitions that a mark stands for count from now on: those that were shown, and no others. */
  async accept(place: PinPlace, { tool, mark }: Accepting): Promise<Acceptance> {
    const record = await this.#read(place);
    const held = heldIn(record, tool);
    const meant = [held, heldIn(record, tool, true)].find(
      (one) => one.length > 0 && shown(one).mark === mark,
    );
    if (meant === undefined) return { kind: 'held', held: shown(held) };
    const accepted = meant.slice(0, maxShown);
    const after = await this.#change(place, (before) => withAccepted(before, accepted));
    this.#accepts += 1;
    // One that was changed in the meantime is held again.
    const names = accepted
      .filter(({ name, fingerprint }) => after.get(name)?.accepted.includes(fingerprint) === true)
      .map(({ name }) => name);
    if (names.length === 0) return { kind: 'held', held: await this.held(place, tool) };
    this.#log.info('changed tools of an MCP server were accepted', { server: place.server, tools: names });
    for (const listener of this.#listeners.get(keyOf(place)) ?? []) listener();
    return { kind: 'accepted', tools: names };
  }

  /** Hears when definitions of a server were accepted in this process; returns how to stop. */
  listen(place: PinPlace, listener: () => void): () => void {
    const key = keyOf(place);
    const listeners = this.#listeners.get(key) ?? new Set();
    this.#listeners.set(key, listeners.add(listener));
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0 && this.#listeners.get(key) === listeners) this.#listeners.delete(key);
    };
  }

  #see(place: PinPlace, definitions: readonly SeenDefinition[]): Promise<PinRecord> {
    return this.#change(place, (before) => withSeen(before, definitions));
  }

  async #read(place: PinPlace): Promise<PinRecord> {
    const { unsaved, file } = this.#of(place);
    return withUnsaved(await file.read(), unsaved ?? empty);
  }

  async #change(place: PinPlace, make: (record: PinRecord) => PinRecord): Promise<PinRecord> {
    const before = await this.#read(place);
    let after = make(before);
    if (after === before) return after;
    const pins = this.#of(place);
    try {
      if (before.size === 0) await pruneFolder(this.#dir, maxFiles);
      let saved: PinRecord | undefined;
      await pins.file.change((kept) => {
        saved = pins.unsaved;
        return (after = make(withUnsaved(kept, saved ?? empty)));
      });
      // Another change may have failed meanwhile.
      if (pins.unsaved === saved) pins.unsaved = undefined;
    } catch (error) {
      if (pins.unsaved === undefined)
        this.#log.warn('the tools of an MCP server could not be remembered: they are until the end', {
          ...{ server: place.server, error },
        });
      pins.unsaved = after = make(withUnsaved(before, pins.unsaved ?? empty));
    }
    this.#tellHeld(place, before, after);
    return after;
  }

  #tellHeld({ server }: PinPlace, before: PinRecord, after: PinRecord): void {
    for (const { name, fingerprint, changed } of heldIn(after)) {
      const known = before.get(name);
      if ([known?.held, known?.left].some((one) => one?.fingerprint === fingerprint)) continue;
      this.#log.warn('a tool of an MCP server was changed: it is held back until `/mcp accept`', {
        ...{ server, tool: name, changed: changed.map(({ part }) => part) },
      });
    }
  }

  #of(place: PinPlace): Pins {
    const key = keyOf(place);
    const known = this.#pins.get(key);
    if (known !== undefined) return known;
    const file = new SharedFile<PinRecord>({
      file: join(this.#dir, `${key}.json`),
      empty,
      parse: parsePinRecord,
      format: (record) => formatPinRecord(record, place.server),
      log: this.#log,
    });
    const pins = { file, unsaved: undefined };
    this.#pins.set(key, pins);
    return pins;
  }
}

const nameOf = remembered(({ server, project, workspace }: PinPlace) =>
  JSON.stringify([server, project, workspace]),
);

function seenIn(tool: Tool, { workspace }: PinPlace): SeenDefinition {
  const { fingerprint, differingFrom, saying } = toldDefinition(tool, workspace);
  return {
    name: tool.name,
    fingerprint,
    isAs: (known) => differingFrom(known).length === 0,
    held: (before) => ({
      fingerprint,
      changed: saying(differingFrom(before)),
      mark: randomBytes(8).toString('hex'),
    }),
  };
}

type Held = HeldDefinition & { readonly name: string };

/** `isWithLeft`: also those of tools that have their accepted definition again for the moment. */
function heldIn(record: PinRecord, tool?: string, isWithLeft = false): readonly Held[] {
  return [...record].flatMap(([name, { held, left }]) => {
    const one = held ?? (isWithLeft ? left : undefined);
    return one === undefined || (tool !== undefined && tool !== name) ? [] : [{ name, ...one }];
  });
}

/** The marks are by chance: no server can think up two definitions that have the same. */
function shown(held: readonly Held[]): HeldTools {
  const first = held.slice(0, maxShown);
  return {
    tools: first.map(({ name, changed }) => ({ name, changed })),
    more: held.length - first.length,
    mark: first.length === 0 ? '' : hash(first.map(({ mark }) => mark)).slice(0, 8),
  };
}

function keyOf({ server, project }: PinPlace): string {
  return hash({ server, project }).slice(0, 32);
}

function hash(value: unknown): string {
  return createHash('sha256').update(canonicalJson(value)).digest('hex');
}
