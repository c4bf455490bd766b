// `npm run escapes`: prints the score. `-- --record [text]`: runs the lines (those with the text in them) in real shells and writes down
// what they do; `--verify [text]`: the same, and only compares. `--write`: takes lines that are not let through any more off the list
// of known ones and brings the table in docs/permissions.md up to date; `--accept REASON`: puts those that are on the list.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readEscapes, type Escape } from './read-escapes.ts';
import {
  asLines,
  knownFile,
  readKnown,
  readRecorded,
  recordedFile,
  type RecordedEscape,
} from './recorded-escapes.ts';
import { EscapeRunner } from './run-escape.ts';
import { scoreEscapes, scoreTable } from './score-escapes.ts';
import { scoreInDocs } from './score-in-docs.ts';

const [task = '', text = ''] = process.argv.slice(2);
const print = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

if (task === '--record' || task === '--verify') runLines();
if (task === '--accept') accept(text);
if (task === '--write') write();
if (task !== '--verify') printScore();

function runLines(): void {
  const recorded = new Map(Object.entries(readRecorded()));
  const all = readEscapes();
  const runner = new EscapeRunner();
  try {
    for (const escape of all.filter(({ id, needsRoot }) => id.includes(text) && !needsRoot)) {
      const was = recorded.get(escape.id);
      const happens = happensIn(runner, escape);
      if (was?.happens !== happens) print(`${happens ? 'does it' : 'does nothing'}: ${escape.id}`);
      if (task === '--verify' && was?.happens !== happens) process.exitCode = 1;
      recorded.set(escape.id, { ...was, happens });
    }
  } finally {
    runner.close();
  }
  if (task === '--verify') return;
  const kept = all.flatMap(({ id }): [string, RecordedEscape][] => {
    const one = recorded.get(id);
    return one === undefined ? [] : [[id, one]];
  });
  writeFileSync(recordedFile, asLines(Object.fromEntries(kept)));
}

function happensIn(runner: EscapeRunner, escape: Escape): boolean {
  return escape.mustNot === undefined ? false : runner.run(escape).has(escape.mustNot);
}

function accept(reason: string): void {
  const known = readKnown();
  const listed = new Set(Object.values(known).flat());
  const more = scoreEscapes().filter(({ isWrong, escape }) => isWrong && !listed.has(escape.id));
  const ids = more.map(({ escape }) => escape.id);
  save({ ...known, [reason]: [...(known[reason] ?? []), ...ids] });
}

function write(): void {
  const all = scoreEscapes();
  const wrong = new Set(all.filter(({ isWrong }) => isWrong).map(({ escape }) => escape.id));
  const left = Object.entries(readKnown()).map(
    ([reason, ids]) => [reason, ids.filter((id) => wrong.has(id))] as const,
  );
  save(Object.fromEntries(left.filter(([, ids]) => ids.length > 0)));
  const page = join(import.meta.dirname, '..', '..', '..', 'docs', 'permissions.md');
  writeFileSync(page, scoreInDocs(readFileSync(page, 'utf8'), scoreTable(all)));
}

function save(known: Readonly<Record<string, readonly string[]>>): void {
  writeFileSync(knownFile, `${JSON.stringify(known, undefined, 2)}\n`);
}

function printScore(): void {
  const all = scoreEscapes();
  print(scoreTable(all));
  const listed = new Set(Object.values(readKnown()).flat());
  const news = all.filter(({ isWrong, escape }) => isWrong && !listed.has(escape.id));
  for (const { escape, outcome } of news) print(`not known yet, ${outcome}: ${escape.id}`);
  const wrong = new Set(all.filter(({ isWrong }) => isWrong).map(({ escape }) => escape.id));
  for (const id of listed) if (!wrong.has(id)) print(`known, but right now (--write takes it off): ${id}`);
}
