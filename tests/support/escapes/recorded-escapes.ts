import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { escapesFolder } from './read-escapes.ts';

export type Outcome = 'denied' | 'asked' | 'ran';

/** What a line really does. */
export interface RecordedEscape {
  /** Whether what it must not do happens when it runs. */
  readonly happens: boolean;
}

export type RecordedEscapes = Readonly<Record<string, RecordedEscape>>;

/** Lines that do what they must not, and are let through; harmless ones that are not. By reason. */
export type KnownEscapes = Readonly<Record<string, readonly string[]>>;

/** What a version of Claude Code made of the lines: for each outcome, the lines that had it. */
export type ClaudeRecord = { readonly version: string } & Readonly<Record<Outcome, readonly string[]>>;

export const recordedFile = join(escapesFolder, 'recorded.json');
export const knownFile = join(escapesFolder, 'known.json');
export const claudeFile = join(escapesFolder, 'claude-code.json');

export function readRecorded(): RecordedEscapes {
  return JSON.parse(readFileSync(recordedFile, 'utf8')) as RecordedEscapes;
}

export function readKnown(): KnownEscapes {
  return JSON.parse(readFileSync(knownFile, 'utf8')) as KnownEscapes;
}

export function readClaudeRecord(): ClaudeRecord {
  return JSON.parse(readFileSync(claudeFile, 'utf8')) as ClaudeRecord;
}

/** JSON with one entry a line, so that a change is a line of the difference. */
export function asLines(value: Readonly<Record<string, unknown>>): string {
  const lines = Object.entries(value).map(([key, one]) => `${JSON.stringify(key)}: ${JSON.stringify(one)}`);
  return `{\n${lines.join(',\n')}\n}\n`;
}
