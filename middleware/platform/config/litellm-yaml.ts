import { EVENT_ID, getScalarValue, load, parseEvents, YAML11_SCHEMA, YAMLException } from 'js-yaml';

export type LitellmYaml =
  | {
      readonly kind: 'parsed';
      readonly document: unknown;
      /** The line on which `model_list[0].litellm_params` or the like begins, counted from 1. */
      readonly lineOf: (path: string) => number | undefined;
    }
  | {
      readonly kind: 'broken';
      readonly line: number | undefined;
      readonly column: number | undefined;
      readonly reason: string;
    };

/** Reads `litellm_config.yaml` in the version of YAML that LiteLLM reads, and keeps where everything stands. */
export function parseLitellmYaml(text: string): LitellmYaml {
  if (text.trim() === '')
    return { kind: 'broken', line: undefined, column: undefined, reason: 'it is empty' };
  try {
    const document = load(text, { schema: YAML11_SCHEMA });
    const offsets = offsetsByPath(text);
    return {
      kind: 'parsed',
      document,
      lineOf: (path) => {
        const offset = offsets.get(path);
        return offset === undefined ? undefined : text.slice(0, offset).split('\n').length;
      },
    };
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error;
    const { mark, reason } = error;
    return {
      kind: 'broken',
      line: mark === undefined ? undefined : mark.line + 1,
      column: mark === undefined ? undefined : mark.column + 1,
      reason,
    };
  }
}

type YamlEvent = ReturnType<typeof parseEvents>[number];

function offsetsByPath(text: string): Map<string, number> {
  const offsets = new Map<string, number>();
  const events = parseEvents(text, {}).values();
  const next = (): YamlEvent => events.next().value ?? { type: EVENT_ID.POP };

  const readNode = (event: YamlEvent, path: string): void => {
    if (event.type === EVENT_ID.MAPPING) readMapping(path);
    if (event.type === EVENT_ID.SEQUENCE) readSequence(path);
  };
  const readMapping = (path: string): void => {
    for (let key = next(); key.type !== EVENT_ID.POP; key = next()) {
      let below = '?';
      if (key.type === EVENT_ID.SCALAR) {
        const name = getScalarValue(text, key);
        below = path === '' ? name : `${path}.${name}`;
        offsets.set(below, key.valueStart);
      } else {
        // A key that is no plain name has no path; what is in it must still be read past.
        readNode(key, below);
      }
      readNode(next(), below);
    }
  };
  const readSequence = (path: string): void => {
    let index = 0;
    for (let item = next(); item.type !== EVENT_ID.POP; item = next()) {
      const below = `${path}[${index++}]`;
      const offset = startOf(item);
      if (offset !== undefined) offsets.set(below, offset);
      readNode(item, below);
    }
  };

  next();
  readNode(next(), '');
  return offsets;
}

function startOf(event: YamlEvent): number | undefined {
  if (event.type === EVENT_ID.SCALAR) return event.valueStart;
  if (event.type === EVENT_ID.MAPPING || event.type === EVENT_ID.SEQUENCE) return event.start;
  return undefined;
}

export type Mapping = Readonly<Record<string, unknown>>;

/** A mapping, or an empty one for whatever else it is. */
export function asMapping(value: unknown): Mapping {
  return isMapping(value) ? value : {};
}

/** Tells a mapping of the file from lists and scalars. */
export function isMapping(value: unknown): value is Mapping {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);
}

/** The name after `os.environ/`, LiteLLM's way to name an environment variable. */
export function envNameOf(value: unknown): string | undefined {
  const prefix = 'os.environ/';
  return typeof value === 'string' && value.startsWith(prefix) ? value.slice(prefix.length) : undefined;
}
