import { isAbsolute, relative, sep } from 'node:path';
import { askLine } from './ask-line.ts';
import type { Provenance } from './provenance.ts';
import { visibleLine, visibleText } from '../../kernel/visible-text.ts';

/** What a user is asked to allow. */
export interface TrustQuestion {
  /** What is to be done with it; `run` where nothing is said. */
  readonly verb?: 'run' | 'read';
  /** What it is, as the object of "wants to run": `a hook for PreToolUse`, `the shell line of /deploy`. */
  readonly what: string;
  /** What will be run, as it is written. */
  readonly runs: string;
  /** Absolute path of the project's folder. */
  readonly project: string;
  readonly provenance: Provenance;
  /** As declared; none: nothing was declared. */
  readonly permissions: readonly string[];
}

const maxLines = 60;
const maxLength = 4_000;

/** The question that is put to the user before something of a project first runs. */
export function askText(question: TrustQuestion): string {
  return `${requestText(question)}\n\n${askLine}`;
}

/** What the question is about, without the question itself. */
export function requestText(question: TrustQuestion): string {
  const { verb = 'run', what, runs, project, provenance, permissions } = question;
  return [
    `${visibleLine(project, 300)} wants to ${verb} ${visibleLine(what, 200)}:`,
    '',
    indented(runs),
    '',
    ...provenanceLines(provenance, project),
    ...(permissions.length === 0 ? [] : [`Permissions: ${visibleLine(permissions.join(', '), 500)}`]),
  ].join('\n');
}

/** A file's provenance in one line, as it is kept with a decision. */
export function provenanceText(provenance: Provenance, project: string): string {
  return provenanceLines(provenance, project).join('; ');
}

function provenanceLines(provenance: Provenance, project: string): readonly string[] {
  const { file, hash, lastChange } = provenance;
  const path = visibleLine(shortPath(file, project), 300);
  const lines = [
    `File: ${path} (${hash === undefined ? 'cannot be read, or was just changed' : `sha256 ${hash.slice(0, 12)}`})`,
  ];
  if (lastChange !== undefined) {
    const { commit, author, email, at } = lastChange;
    const who = `${visibleLine(author, 80)} <${visibleLine(email, 80)}>`;
    lines.push(`Last commit: ${commit.slice(0, 8)} of ${at.slice(0, 10)} by ${who}`);
  }
  const isInCommit = provenance.state === 'committed' || provenance.state === 'changed';
  if (isInCommit && lastChange === undefined) lines.push('Last commit: git did not say who changed it last.');
  const note = notes[provenance.state];
  return note === undefined ? lines : [...lines, note];
}

const notes: Readonly<Record<Provenance['state'], string | undefined>> = {
  committed: undefined,
  changed: 'It was changed since that commit.',
  uncommitted: 'It is in no commit, so its author is not known.',
  unknown: 'There is no repository, or git did not answer, so its author is not known.',
};

/** The command that allows what is written in a file. A name that a shell would read in another way is left out. */
export function trustAddText(file: string, project: string): string {
  const path = shortPath(file, project);
  const argument = /^[\w./][\w./@:+-]*$/.test(path) ? ` ${path}` : '';
  return `To allow it, in ${visibleLine(project, 300)}: codex-plus trust add${argument}`;
}

function shortPath(file: string, project: string): string {
  const path = relative(project, file);
  return path === '' || path.startsWith(`..${sep}`) || isAbsolute(path) ? file : path;
}

/** As a block that Markdown leaves as it is; what does not fit is told, never left out silently. */
function indented(text: string): string {
  const all = visibleText(text).trimEnd();
  const lines = all.slice(0, maxLength).split('\n').slice(0, maxLines);
  const shown = lines.join('\n');
  const rest = all.length - shown.length;
  const more = rest === 0 ? [] : ['', `… and ${rest} more characters. Read all of it before you allow it.`];
  return [...lines.map((line) => `    ${line}`), ...more].join('\n');
}
