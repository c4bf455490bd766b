// `npm run escapes`: prints the score, and ends with 1 where more gets through than is known. `-- --record [text]`:
// runs the fixed lines (those with the text in them) in real shells and writes down what they do; `--verify
// [text]`: the same, and only compares; `--record-generated`, `--verify-generated [text]`: the same for the
// generated lines. `--claude PROGRAM`: has Claude Code decide the fixed lines, and writes down what it makes of
// them. `--write`: takes lines that are not let through any more off the list of known ones and brings the tables
// in docs/permissions.md up to date; `--accept REASON`: puts those that are on the list.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { claudeOutcomes, claudeVersion } from './claude-outcomes.ts';
import { generateEscapes } from './generate-escapes.ts';
import { entriesFor, knownEscapes } from './known-escapes.ts';
import { readEscapes } from './read-escapes.ts';
import { claudeFile, knownFile, readKnown, type ClaudeRecord, type Outcome } from './recorded-escapes.ts';
import { runFixed, runGenerated } from './run-lines.ts';
import { scoreEscapes, scoreGenerated, type ScoredEscape } from './score-escapes.ts';
import { scoreInDocs } from './score-in-docs.ts';
import { scoreTable } from './score-table.ts';

const page = join(import.meta.dirname, '..', '..', '..', 'docs', 'permissions.md');
const print = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

const tasks: Readonly<Record<string, (text: string) => void>> = {
  '--record': (text) => runFixed(text, true),
  '--verify': (text) => {
    verified(runFixed(text, false));
  },
  '--record-generated': (text) => runGenerated(text, true),
  '--verify-generated': (text) => {
    verified(runGenerated(text, false));
  },
  '--claude': recordClaude,
  '--accept': accept,
  '--write': write,
};

const [task = '', text = ''] = process.argv.slice(2);
tasks[task]?.(text);
if (!task.startsWith('--verify')) printScore();

function verified(differing: number): void {
  if (differing > 0) process.exitCode = 1;
}

function recordClaude(program: string): void {
  const outcomes = [...claudeOutcomes(program, readEscapes())];
  const idsOf = (one: Outcome): readonly string[] =>
    outcomes.flatMap(([id, outcome]) => (outcome === one ? [id] : [])).sort();
  const record: ClaudeRecord = {
    version: claudeVersion(program),
    denied: idsOf('denied'),
    asked: idsOf('asked'),
    ran: idsOf('ran'),
  };
  writeFileSync(claudeFile, `${JSON.stringify(record, undefined, 2)}\n`);
}

function scoreAll(): readonly ScoredEscape[] {
  return [...scoreEscapes(), ...scoreGenerated(generateEscapes())];
}

function accept(reason: string): void {
  const known = readKnown();
  const { has } = knownEscapes();
  const news = scoreAll().filter(({ isWrong, escape }) => isWrong && !has(escape));
  save({ ...known, [reason]: [...(known[reason] ?? []), ...news.map(({ escape }) => escape.id)] });
}

function write(): void {
  const fixed = scoreEscapes();
  const generated = scoreGenerated(generateEscapes());
  const needed = entriesOfWrong([...fixed, ...generated]);
  const left = Object.entries(readKnown()).map(
    ([reason, entries]) => [reason, entries.filter((entry) => needed.has(entry))] as const,
  );
  save(Object.fromEntries(left.filter(([, entries]) => entries.length > 0)));
  const withFixed = scoreInDocs(readFileSync(page, 'utf8'), 'score', scoreTable(fixed));
  writeFileSync(page, scoreInDocs(withFixed, 'generated score', scoreTable(generated)));
}

/** Entries of the list of known lines that something is let through by. */
function entriesOfWrong(all: readonly ScoredEscape[]): ReadonlySet<string> {
  return new Set(all.filter(({ isWrong }) => isWrong).flatMap(({ escape }) => entriesFor(escape)));
}

function save(known: Readonly<Record<string, readonly string[]>>): void {
  writeFileSync(knownFile, `${JSON.stringify(known, undefined, 2)}\n`);
}

function printScore(): void {
  const fixed = scoreEscapes();
  const generated = scoreGenerated(generateEscapes());
  print(`${scoreTable(fixed)}\n\n${scoreTable(generated)}`);
  for (const [reason, entries] of Object.entries(readKnown()))
    print(`${entries.length} let through: ${reason}`);
  const { has, entries } = knownEscapes();
  const news = [...fixed, ...generated].filter(({ isWrong, escape }) => isWrong && !has(escape));
  for (const { escape, outcome } of news) print(`not known yet, ${outcome}: ${escape.id}`);
  const needed = entriesOfWrong([...fixed, ...generated]);
  for (const entry of entries)
    if (!needed.has(entry)) print(`known, but right now (--write takes it off): ${entry}`);
  if (news.length > 0) process.exitCode = 1;
}
