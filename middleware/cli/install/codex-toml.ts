import { parseTOML, type AST } from 'toml-eslint-parser';
import { CliError } from '../cli-error.ts';

/** Where a statement of a TOML file stands, with all of its line. */
export interface TomlLine {
  readonly start: number;
  /** Before the line end. */
  readonly end: number;
}

/** The tables and the top-level keys of a `config.toml`, by their place in the text. */
export class CodexToml {
  readonly #text: string;
  readonly #statements: readonly (AST.TOMLKeyValue | AST.TOMLTable)[];

  /** Throws a CliError with the line where the file is broken: nothing is written into a file that Codex cannot read. */
  constructor(text: string, file: string) {
    this.#text = text.replace(/^\ufeff/, ' ');
    try {
      this.#statements = parseTOML(this.#text).body[0].body;
    } catch (error) {
      const { message, lineNumber } = error as Partial<{ message: string; lineNumber: number }>;
      throw new CliError(`${file}, line ${lineNumber ?? '?'}: is not TOML: ${message ?? ''}; mend it first`);
    }
  }

  /** The line of a top-level key. */
  topLevel(key: string): TomlLine | undefined {
    for (const statement of this.#statements) {
      if (statement.type === 'TOMLKeyValue' && keyPath(statement.key).join('.') === key) {
        return this.#linesOf(statement.range);
      }
    }
    return undefined;
  }

  /** The value of a top-level key, if it is a string. */
  topLevelString(key: string): string | undefined {
    for (const statement of this.#statements) {
      if (statement.type !== 'TOMLKeyValue' || keyPath(statement.key).join('.') !== key) continue;
      return stringValue(statement.value);
    }
    return undefined;
  }

  /** Whether a table of this path, or a key that begins with it, is there. */
  has(path: readonly string[]): boolean {
    return this.#statements.some((statement) => {
      const own = statement.type === 'TOMLTable' ? namePath(statement.resolvedKey) : keyPath(statement.key);
      return path.every((part, i) => own[i] === part);
    });
  }

  /** The whole lines of every table below one of the paths, and of every array entry with `key = "value"` in it. */
  tables(
    paths: readonly (readonly string[])[],
    marked: { readonly key: string; readonly value: string },
  ): TomlLine[] {
    const ours = new Set<AST.TOMLTable>();
    let group: AST.TOMLTable | undefined;
    for (const statement of this.#statements) {
      if (statement.type !== 'TOMLTable') continue;
      const own = namePath(statement.resolvedKey);
      if (paths.some((path) => path.every((part, i) => own[i] === part))) ours.add(statement);
      if (statement.kind !== 'array') continue;
      if (hasMember(statement, marked)) {
        ours.add(statement);
        if (group?.body.length === 0) ours.add(group);
      }
      group = statement;
    }
    return [...ours].map(({ range }) => this.#linesOf(range));
  }

  #linesOf([from, to]: readonly [number, number]): TomlLine {
    const start = this.#text.lastIndexOf('\n', from - 1) + 1;
    const end = this.#text.indexOf('\n', to);
    const stop = end < 0 ? this.#text.length : end;
    return { start, end: this.#text[stop - 1] === '\r' ? stop - 1 : stop };
  }
}

function keyPath(key: AST.TOMLKey): string[] {
  return key.keys.map((part) => (part.type === 'TOMLBare' ? part.name : part.value));
}

function namePath(resolved: readonly (string | number)[]): string[] {
  return resolved.filter((part) => typeof part === 'string');
}

function hasMember(
  table: AST.TOMLTable,
  { key, value }: { readonly key: string; readonly value: string },
): boolean {
  return table.body.some(
    (member) => keyPath(member.key).join('.') === key && stringValue(member.value) === value,
  );
}

function stringValue(node: AST.TOMLContentNode): string | undefined {
  return node.type === 'TOMLValue' && typeof node.value === 'string' ? node.value : undefined;
}
