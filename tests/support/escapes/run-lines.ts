import { writeFileSync } from 'node:fs';
import { generateEscapes } from './generate-escapes.ts';
import { generatedFile, generatedRecord, happensByRecord, readGeneratedRecord } from './generated-record.ts';
import { readEscapes, type Escape } from './read-escapes.ts';
import { asLines, readRecorded, recordedFile, type RecordedEscape } from './recorded-escapes.ts';
import { EscapeRunner } from './run-escape.ts';
import { wrappers } from './wrappers.ts';

/** What lines did that were run, and how many did not do what was recorded of them. */
interface Ran<E> {
  readonly lines: readonly (readonly [E, boolean])[];
  readonly differing: number;
}

/** Runs the fixed lines (those with the text in them), and says which do not do what was recorded. Returns how many. */
export function runFixed(text: string, isRecording: boolean): number {
  const recorded = new Map(Object.entries(readRecorded()));
  const all = readEscapes();
  const chosen = all.filter(({ id, needsRoot }) => id.includes(text) && !needsRoot);
  const { lines, differing } = runAll(chosen, ({ id }) => recorded.get(id)?.happens);
  if (!isRecording) return differing;
  for (const [{ id }, happens] of lines) recorded.set(id, { happens });
  const kept = all.flatMap(({ id }): [string, RecordedEscape][] => {
    const one = recorded.get(id);
    return one === undefined ? [] : [[id, one]];
  });
  writeFileSync(recordedFile, asLines(Object.fromEntries(kept)));
  return 0;
}

/** The same for the generated lines; these are recorded all together. */
export function runGenerated(text: string, isRecording: boolean): number {
  const record = readGeneratedRecord();
  const chosen = generateEscapes().filter(({ id }) => isRecording || id.includes(text));
  const { lines, differing } = runAll(chosen, (escape) => happensByRecord(record, escape));
  if (!isRecording) return differing;
  writeFileSync(generatedFile, asLines(generatedRecord(lines, Object.keys(wrappers))));
  return 0;
}

function runAll<E extends Escape>(
  escapes: readonly E[],
  recorded: (escape: E) => boolean | undefined,
): Ran<E> {
  const runner = new EscapeRunner();
  try {
    let differing = 0;
    const lines = escapes.map((escape): readonly [E, boolean] => {
      if (escape.mustNot === undefined) return [escape, false];
      const was = recorded(escape);
      const { seen, hasPrograms } = runner.run(escape);
      const happens = seen.has(escape.mustNot);
      if (was === happens) return [escape, happens];
      const isKept = was === true && !hasPrograms;
      differing += isKept ? 0 : 1;
      const said = isKept ? 'kept, a program is not installed' : happens ? 'does it' : 'does nothing';
      process.stdout.write(`${said}: ${escape.id}\n`);
      return [escape, happens || isKept];
    });
    return { lines, differing };
  } finally {
    runner.close();
  }
}
