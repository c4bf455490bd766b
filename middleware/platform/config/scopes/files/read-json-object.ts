import { isJsonObject, type JsonObject } from '../../../../kernel/json-object.ts';
import { fileFault, type FileFault } from './config-problem.ts';
import { jsonFault, jsonPlace, maxJsonDepth } from './json-fault.ts';

/** Names and indexes that lead to a value. */
export type JsonPath = readonly (string | number)[];

export type JsonReading =
  | {
      readonly kind: 'object';
      readonly value: JsonObject;
      /** A fault of the entry that a path leads to. */
      readonly faultAt: (path: JsonPath, reason: string) => FileFault;
    }
  | { readonly kind: 'broken'; readonly fault: FileFault };

/** The JSON object of a file. A byte order mark is fine, and an empty file is an empty object. */
export function readJsonObject(bytes: Buffer): JsonReading {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return broken(fileFault('is UTF-16; save it as UTF-8'));
  const text = bytes.toString('utf8').replace(/^\ufeff/, '');
  const value = parse(text);
  if (value === undefined) {
    const fault = jsonFault(text);
    return broken({ ...fileFault(fault?.reason ?? 'is not JSON'), line: fault?.line, column: fault?.column });
  }
  if (!isJsonObject(value)) return broken(fileFault('must be a JSON object'));
  return {
    kind: 'object',
    value,
    faultAt: (path, reason) => {
      const place = jsonPlace(text, path);
      return { line: place?.line, column: place?.column, path: pathText(path), reason, leftOut: 'entry' };
    },
  };
}

/** `permissions.allow[1]`; a name that is not a plain word stands in brackets and quotes. */
export function pathText(path: JsonPath): string {
  return path.reduce<string>((text, step) => {
    if (typeof step === 'number') return `${text}[${step}]`;
    if (!/^[\w-]+$/.test(step)) return `${text}[${JSON.stringify(step)}]`;
    return text === '' ? step : `${text}.${step}`;
  }, '');
}

function broken(fault: FileFault): JsonReading {
  return { kind: 'broken', fault };
}

function parse(text: string): unknown {
  if (text.trim() === '') return {};
  try {
    const value: unknown = JSON.parse(text);
    return isTooDeep(value, maxJsonDepth) ? undefined : value;
  } catch {
    // What is wrong is found by the caller; the message of JSON.parse quotes the text.
    return undefined;
  }
}

function isTooDeep(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((entry) => isTooDeep(entry, levels - 1));
}
