import { getStaticTOMLValue, parseTOML, type AST } from 'toml-eslint-parser';
import type { JsonObject } from '../../kernel/json-object.ts';
import { CliError } from '../cli-error.ts';
import { tomlFaultOf } from '../codex/toml-fault.ts';

export type TomlPath = readonly (string | number)[];

/** Whole lines of a TOML file. */
export interface TomlLines {
  readonly start: number;
  /** Before the line end. */
  readonly end: number;
  /** Of the first one, counted from 1. */
  readonly line: number;
}

/** A header of a table, or a key with its value; entries of arrays of tables have their number in the path. */
export interface TomlStatement extends TomlLines {
  readonly path: TomlPath;
  readonly isHeader: boolean;
  /** Its value is an inline table or an array, to which no header can add. */
  readonly isInline: boolean;
}

/** A `config.toml` by what stands where in its text. */
export class CodexToml {
  /** What the file says. */
  readonly document: JsonObject;
  readonly statements: readonly TomlStatement[];
  /** Lines with nothing but a comment. */
  readonly comments: readonly TomlLines[];
  readonly #text: string;
  /** Behind the byte order mark. */
  readonly #first: number;

  /** Throws a CliError with the line where the file is broken: nothing is written into a file that Codex cannot read. */
  constructor(text: string, file: string) {
    // A byte order mark is passed over by Codex, and by no TOML parser.
    this.#text = text.replace(/^\ufeff/, ' ');
    this.#first = text.startsWith('\ufeff') ? 1 : 0;
    const program = parse(this.#text, file);
    this.document = getStaticTOMLValue(program);
    this.statements = program.body[0].body.flatMap((node) => this.#statementsOf(node));
    this.comments = program.comments
      .map(({ range, loc }) => ({ ...this.#linesOf(range), line: loc.start.line, at: range[0] }))
      .filter(({ start, at }) => this.#text.slice(start, at).trim() === '');
  }

  /** The statement that gives a key of the top level its value. */
  topLevel(key: string): TomlStatement | undefined {
    return this.statements.find(({ path, isHeader }) => !isHeader && path.length === 1 && path[0] === key);
  }

  /** The value of a top-level key, if it is a string. */
  topLevelString(key: string): string | undefined {
    const value = this.document[key];
    return typeof value === 'string' ? value : undefined;
  }

  #statementsOf(node: AST.TOMLTable | AST.TOMLKeyValue): TomlStatement[] {
    if (node.type === 'TOMLKeyValue') return [this.#keyStatement(node, [])];
    const [at] = node.range;
    const path = node.resolvedKey;
    const header = { ...this.#linesOf([at, at]), line: node.loc.start.line, isHeader: true, isInline: false };
    return [{ ...header, path }, ...node.body.map((member) => this.#keyStatement(member, path))];
  }

  #keyStatement({ key, value, range, loc }: AST.TOMLKeyValue, table: TomlPath): TomlStatement {
    const path = [...table, ...getStaticTOMLValue(key)];
    const isInline = value.type !== 'TOMLValue';
    return { ...this.#linesOf(range), line: loc.start.line, path, isHeader: false, isInline };
  }

  #linesOf([from, to]: readonly [number, number]): Omit<TomlLines, 'line'> {
    const start = this.#text.lastIndexOf('\n', from - 1) + 1;
    const end = this.#text.indexOf('\n', to);
    const stop = end < 0 ? this.#text.length : end;
    return { start: Math.max(start, this.#first), end: this.#text[stop - 1] === '\r' ? stop - 1 : stop };
  }
}

function parse(text: string, file: string): AST.TOMLProgram {
  try {
    return parseTOML(text);
  } catch (error) {
    const { line, message } = tomlFaultOf(error, text);
    throw new CliError(`${file}, line ${line}: is not TOML: ${message}; mend it first`);
  }
}
