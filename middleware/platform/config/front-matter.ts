import { load, YAMLException } from 'js-yaml';

export interface FrontMatter {
  /** What the YAML between the two `---` lines says; empty where there is none. */
  readonly data: Readonly<Record<string, unknown>>;
  /** All that follows the front matter, byte for byte; the whole text where there is none. */
  readonly body: string;
  /** Why the front matter is not read at all, as the end of a sentence: it goes beyond a bound. */
  readonly fault: string | undefined;
}

/** Far above what any command asks for: files of projects are written by people who may mean harm. */
const maxLength = 65_536;
const maxDepth = 32;
const maxAliases = 100;
/** Each costs an attempt of its own to read it. */
const maxKeysOneByOne = 200;
/** An alias in an alias in an alias: a few hundred bytes of YAML can stand for gigabytes of values. */
const maxValues = 10_000;

/**
 * Takes a file's front matter off its body; never throws. It must begin on the first line and be closed.
 * Where the YAML does not parse, each key is read by itself, so that one bad line costs only its own value.
 */
export function splitFrontMatter(text: string): FrontMatter {
  const opening = /^\uFEFF?---[ \t]*\r?\n/.exec(text);
  const rest = opening === null ? '' : text.slice(opening[0].length);
  const closing = /(^|\n)---[ \t]*\r?(?:\n|$)/.exec(rest);
  if (closing === null) return { data: {}, body: text, fault: undefined };
  const yaml = rest.slice(0, closing.index + (closing[1]?.length ?? 0));
  const body = rest.slice(closing.index + closing[0].length);
  if (yaml.length > maxLength) {
    return { data: {}, body, fault: `has front matter of more than ${maxLength / 1024} KiB` };
  }
  const data = parse(yaml) ?? readKeyByKey(yaml);
  const values = countValues(data, maxDepth, maxValues);
  if (values <= maxValues) return { data, body, fault: undefined };
  return {
    data: {},
    body,
    fault: `has front matter that stands for more than ${maxValues} values, or is nested deeper than ${maxDepth} levels`,
  };
}

type Data = Readonly<Record<string, unknown>>;

/** `undefined` where the text is no YAML; nothing where it is no mapping. */
function parse(yaml: string): Data | undefined {
  try {
    const document = load(yaml, { maxDepth, maxAliases });
    return typeof document === 'object' && document !== null && !Array.isArray(document)
      ? (document as Data)
      : {};
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error;
    return undefined;
  }
}

/**
 * How many values there are, those behind aliases each time that they are named; counts no further than one above
 * the limit.
 */
function countValues(value: unknown, levels: number, limit: number): number {
  if (typeof value !== 'object' || value === null) return 1;
  if (levels === 0) return limit + 1;
  let count = 1;
  for (const entry of Object.values(value)) {
    if (count > limit) break;
    count += countValues(entry, levels - 1, limit - count);
  }
  return count;
}

function readKeyByKey(yaml: string): Data {
  const entries = new Map<string, unknown>();
  for (const { key, value, lines } of entriesOf(yaml).slice(0, maxKeysOneByOne)) {
    const data = parse(lines.join('\n'));
    if (data !== undefined && Object.hasOwn(data, key)) entries.set(key, data[key]);
    else if (value !== '') entries.set(key, value);
  }
  return Object.fromEntries(entries);
}

interface Entry {
  readonly key: string;
  /** What stands on the line of the key. */
  readonly value: string;
  /** The line of the key and the lines below that belong to it. */
  readonly lines: string[];
}

function entriesOf(yaml: string): Entry[] {
  const entries: Entry[] = [];
  for (const line of yaml.split(/\r?\n/)) {
    const [, key, value = ''] = /^([A-Za-z_][\w-]*)[ \t]*:(?:[ \t](.*))?$/.exec(line) ?? [];
    if (key !== undefined) entries.push({ key, value: value.trim(), lines: [line] });
    else if (/^(?:[ \t]|-[ \t])/.test(line)) entries.at(-1)?.lines.push(line);
  }
  return entries;
}
