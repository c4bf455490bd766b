import { load, YAMLException } from 'js-yaml';

export interface FrontMatter {
  /** What the YAML between the two `---` lines says; empty where there is none. */
  readonly data: Readonly<Record<string, unknown>>;
  /** All that follows the front matter, byte for byte; the whole text where there is none. */
  readonly body: string;
}

/**
 * Takes a file's front matter off its body; never throws. It must begin on the first line and be closed.
 * Where the YAML does not parse, each key is read by itself, so that one bad line costs only its own value.
 */
export function splitFrontMatter(text: string): FrontMatter {
  const opening = /^\uFEFF?---\r?\n/.exec(text);
  const rest = opening === null ? '' : text.slice(opening[0].length);
  const closing = /(^|\n)---\r?(?:\n|$)/.exec(rest);
  if (closing === null) return { data: {}, body: text };
  const yaml = rest.slice(0, closing.index + (closing[1]?.length ?? 0));
  return { data: parse(yaml) ?? readKeyByKey(yaml), body: rest.slice(closing.index + closing[0].length) };
}

type Data = Readonly<Record<string, unknown>>;

/** `undefined` where the text is no YAML; nothing where it is no mapping. */
function parse(yaml: string): Data | undefined {
  try {
    const document = load(yaml);
    return typeof document === 'object' && document !== null && !Array.isArray(document)
      ? (document as Data)
      : {};
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error;
    return undefined;
  }
}

function readKeyByKey(yaml: string): Data {
  const entries = new Map<string, unknown>();
  for (const { key, value, lines } of entriesOf(yaml)) {
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
