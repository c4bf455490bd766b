import { parseTOML, type ParseError } from 'toml-eslint-parser';

/** Why a text is no TOML, with the line of the fault. */
export interface TomlFault {
  readonly line: number;
  readonly message: string;
}

/**
 * The fault that the parser threw. What breaks off at a line's end is told by the parser as the begin of the line
 * after it.
 */
export function tomlFaultOf(error: unknown, text: string): TomlFault {
  const { lineNumber = 1, column = 0, message = String(error) } = error as Partial<ParseError>;
  if (column > 0 || lineNumber === 1) return { line: lineNumber, message };
  const lines = text.split('\n');
  const before = lines.slice(0, lineNumber - 1);
  if (isToml(before.join('\n'))) return { line: lineNumber, message };
  return { line: before.findLastIndex((text) => /^\s*[^\s#]/.test(text)) + 1, message };
}

function isToml(text: string): boolean {
  try {
    parseTOML(text);
    return true;
  } catch {
    return false;
  }
}
