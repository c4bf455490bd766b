import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { GeneratedEscape } from './generate-escapes.ts';
import { escapesFolder } from './read-escapes.ts';

export const generatedFile = join(escapesFolder, 'generated.json');

/** By outer way and shell: the inner ways with which a line does nothing that it must not. `ways`: all that were recorded. */
export type GeneratedRecord = Readonly<Record<string, readonly string[]>>;

export function readGeneratedRecord(): GeneratedRecord {
  return JSON.parse(readFileSync(generatedFile, 'utf8')) as GeneratedRecord;
}

/** The record of lines of which it is known whether they do it. */
export function generatedRecord(
  lines: readonly (readonly [GeneratedEscape, boolean])[],
  ways: readonly string[],
): GeneratedRecord {
  const idle = new Map<string, string[]>([['ways', [...ways]]]);
  for (const [escape, happens] of lines) {
    const inner = idle.get(rowOf(escape)) ?? [];
    idle.set(rowOf(escape), happens ? inner : [...inner, escape.inner]);
  }
  return Object.fromEntries(idle);
}

/** Whether a line was seen to do what it must not; `undefined` where it was never run. */
export function happensByRecord(record: GeneratedRecord, escape: GeneratedEscape): boolean | undefined {
  const isRecorded = record['ways']?.includes(escape.inner) === true;
  const idle = record[rowOf(escape)];
  return isRecorded && idle !== undefined ? !idle.includes(escape.inner) : undefined;
}

function rowOf({ outer, shell }: GeneratedEscape): string {
  return `${shell}, ${outer}`;
}
