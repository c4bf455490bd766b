import type { JsonObject } from '../../../kernel/json-object.ts';
import { UserError } from '../../../kernel/user-error.ts';
import { visibleLine } from '../../../kernel/visible-text.ts';
import { readJsonObject } from '../scopes/files/read-json-object.ts';

/** The object in the text of a file that is to be changed. Throws a UserError where it cannot be read. */
export function objectToEdit(text: string, file: string): JsonObject {
  const reading = readJsonObject(Buffer.from(text));
  if (reading.kind === 'object') return reading.value;
  const { line, column, reason } = reading.fault;
  throw mendFirst(line === undefined ? file : `${file}:${line}:${column ?? 1}`, reason);
}

/** What keeps a file from being changed, which its user has to mend. */
export function mendFirst(place: string, reason: string): UserError {
  return new UserError(`${visibleLine(`${place}: ${reason}`, 500)}; mend it first`);
}
