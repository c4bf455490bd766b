import { isJsonObject, jsonTypeOf, type JsonObject } from '../../../kernel/json-object.ts';
import type { HookHandler } from './hook-entry.ts';

/** The fields of one hook as written, read with a check of their types; what is wrong is in `faults`. */
export class FieldReader {
  readonly faults: string[] = [];
  readonly #raw: JsonObject;

  constructor(raw: JsonObject) {
    this.#raw = raw;
  }

  string(name: string): string | undefined {
    return this.#read(name, 'a string', (value) => typeof value === 'string');
  }

  requiredString(name: string): string {
    const value = this.string(name);
    if (value === undefined && this.#raw[name] === undefined) this.faults.push(`has no ${name}`);
    return value ?? '';
  }

  boolean(name: string): boolean {
    return this.#read(name, 'true or false', (value) => typeof value === 'boolean') ?? false;
  }

  positiveNumber(name: string): number | undefined {
    return this.#read(name, 'a number above 0', (value): value is number => {
      return typeof value === 'number' && Number.isFinite(value) && value > 0;
    });
  }

  strings(name: string): readonly string[] | undefined {
    return this.#read(name, 'a list of strings', (value): value is readonly string[] => {
      return Array.isArray(value) && value.every((item) => typeof item === 'string');
    });
  }

  stringMap(name: string): Readonly<Record<string, string>> | undefined {
    return this.#read(name, 'an object of strings', (value): value is Readonly<Record<string, string>> => {
      return isJsonObject(value) && Object.values(value).every((item) => typeof item === 'string');
    });
  }

  object(name: string): JsonObject | undefined {
    return this.#read(name, 'an object', isJsonObject);
  }

  #read<Value>(name: string, wanted: string, fits: (value: unknown) => value is Value): Value | undefined {
    const value = this.#raw[name];
    if (value === undefined) return undefined;
    if (fits(value)) return value;
    this.faults.push(`${name} must be ${wanted}, not ${jsonTypeOf(value)}`);
    return undefined;
  }
}

/** Reads what a hook runs by its `type`; `undefined` where there is no such type. */
export function parseHandler(type: unknown, fields: FieldReader): HookHandler | undefined {
  switch (type) {
    case 'command': {
      const [command, args] = [fields.requiredString('command'), fields.strings('args')];
      return { kind: 'command', command, args, placeholders: false };
    }
    case 'http': {
      const [headers, allowedEnvVars] = [fields.stringMap('headers'), fields.strings('allowedEnvVars')];
      const url = fields.requiredString('url');
      return { kind: 'http', url, headers: headers ?? {}, allowedEnvVars: allowedEnvVars ?? [] };
    }
    case 'mcp_tool': {
      const [server, tool] = [fields.requiredString('server'), fields.requiredString('tool')];
      return { kind: 'mcp_tool', server, tool, input: fields.object('input') ?? {} };
    }
    case 'prompt':
    case 'agent':
      return { kind: type, prompt: fields.requiredString('prompt'), model: fields.string('model') };
    default:
      return undefined;
  }
}
