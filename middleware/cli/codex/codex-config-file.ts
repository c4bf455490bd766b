import { getStaticTOMLValue, parseTOML, type AST } from 'toml-eslint-parser';
import { isJsonObject, type JsonObject } from '../../kernel/json-object.ts';
import { tomlFaultOf, type TomlFault } from './toml-fault.ts';

/** A `config.toml` of Codex, read only. */
export interface CodexConfigFile {
  readonly file: string;
  /** Empty where the file is broken. */
  readonly document: JsonObject;
  /** Why it is no TOML. */
  readonly fault: TomlFault | undefined;
  /** The file and the line of a key or a table, or of the nearest thing around it. */
  readonly placeOf: (...path: readonly string[]) => string;
}

/** Parses the text of a `config.toml`; never throws. */
export function parseCodexConfig(text: string, file: string): CodexConfigFile {
  const toml = text.replace(/^\ufeff/, '');
  try {
    // A byte order mark is passed over by Codex, and by no TOML parser.
    const program = parseTOML(toml);
    const lines = linesOf(program);
    return {
      file,
      document: getStaticTOMLValue(program),
      fault: undefined,
      placeOf: (...path) => {
        for (let length = path.length; length > 0; length--) {
          const line = lines.get(keyOf(path.slice(0, length)));
          if (line !== undefined) return `${file}, line ${line}`;
        }
        return file;
      },
    };
  } catch (error) {
    return { file, document: {}, fault: tomlFaultOf(error, toml), placeOf: () => file };
  }
}

/** The member of a document at a path; `undefined` where there is none. */
export function memberAt(document: JsonObject, ...path: readonly string[]): unknown {
  let value: unknown = document;
  for (const key of path) value = isJsonObject(value) ? value[key] : undefined;
  return value;
}

/** The member at a path if it is a string. */
export function textAt(document: JsonObject, ...path: readonly string[]): string | undefined {
  const value = memberAt(document, ...path);
  return typeof value === 'string' ? value : undefined;
}

/** The member at a path if it is a table, else an empty one. */
export function tableAt(document: JsonObject, ...path: readonly string[]): JsonObject {
  const value = memberAt(document, ...path);
  return isJsonObject(value) ? value : {};
}

/** The lines of keys and tables; a table that only its parts name has the line of the first of them. */
function linesOf(program: AST.TOMLProgram): Map<string, number> {
  const lines = new Map<string, number>();
  const note = (path: readonly string[], line: number): void => {
    for (let length = 1; length <= path.length; length++) {
      const key = keyOf(path.slice(0, length));
      if (!lines.has(key)) lines.set(key, line);
    }
  };
  for (const statement of program.body[0].body) {
    const isTable = statement.type === 'TOMLTable';
    const table = isTable ? statement.resolvedKey.map(String) : [];
    if (isTable) note(table, statement.loc.start.line);
    for (const member of isTable ? statement.body : [statement]) {
      note([...table, ...getStaticTOMLValue(member.key)], member.loc.start.line);
    }
  }
  return lines;
}

function keyOf(path: readonly string[]): string {
  return JSON.stringify(path);
}
