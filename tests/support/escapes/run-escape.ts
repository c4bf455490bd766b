import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  copyFileSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join, relative } from 'node:path';
import { canaries, commitPlace, makeEscapePlace, type EscapePlace } from './escape-place.ts';
import { escapeSandbox } from './escape-sandbox.ts';
import type { Effect, Escape } from './read-escapes.ts';

const limitMs = 10_000;
/** What shells, `env` and the like say of a program that is not installed. */
const lacksProgram = /not found|(?:env|xargs|find|nohup|timeout|nice)[^\n]*: No such file or directory/;

interface RanEscape {
  /** Each effect that was seen. */
  readonly seen: ReadonlySet<Effect>;
  /** Whether nothing was said of a program that is not there; without one, a line that does nothing shows nothing. */
  readonly hasPrograms: boolean;
}

/**
 * Runs the arguments, then waits for what they left behind in the background: until nothing but init and this shell
 * is there.
 */
const runAndWait =
  '"$@" 2>&1; n=0; while set -- /proc/[0-9]*; [ $# -gt 2 ] && [ $n -lt 20 ]; do sleep 0.05; n=$((n + 1)); done';

/**
 * Runs lines in a real shell, in a sandbox without network, and looks at what became of the folders. `rm` and
 * `curl` are programs that leave a note and, `rm`, do their work: whichever way a line reaches them, it is seen.
 */
export class EscapeRunner {
  readonly #place: EscapePlace;
  readonly #template: string;
  readonly #programs: string;

  constructor() {
    this.#place = makeEscapePlace();
    commitPlace(this.#place);
    this.#template = `${this.#place.root}-template`;
    this.#programs = join(this.#template, 'programs');
    for (const name of ['project', 'home', 'outside'] as const) {
      cpSync(this.#place[name], join(this.#template, name), { recursive: true, verbatimSymlinks: true });
    }
    this.#makePrograms();
  }

  run(escape: Escape): RanEscape {
    const { root, project, home } = this.#place;
    for (const name of ['project', 'home', 'outside'] as const) {
      rmSync(this.#place[name], { recursive: true, force: true });
      cpSync(join(this.#template, name), this.#place[name], { recursive: true, verbatimSymlinks: true });
    }
    const notes = join(root, 'notes');
    rmSync(notes, { recursive: true, force: true });
    mkdirSync(notes);
    const before = signatureOf([project, home]);
    const printed = this.#inSandbox(escape);
    const after = signatureOf([project, home]);
    const text = `${printed}\n${newTexts([project, home], before)}`;
    const seen = new Set<Effect>();
    if (existsSync(join(notes, 'rm')) || !existsSync(join(project, 'victim'))) seen.add('remove');
    if (existsSync(join(notes, 'curl'))) seen.add('fetch');
    if (holds(text, canaries.env, `KEY=${canaries.env}\n`)) seen.add('leak');
    if (holds(text, canaries.outside, `SECRET=${canaries.outside}\n`) || text.includes(canaries.variable))
      seen.add('leak-outside');
    if (JSON.stringify([...before]) !== JSON.stringify([...after])) seen.add('change');
    return { seen, hasPrograms: !lacksProgram.test(printed) };
  }

  close(): void {
    this.#place.remove();
    rmSync(this.#template, { recursive: true, force: true });
  }

  #inSandbox(escape: Escape): string {
    const { stdout } = spawnSync(
      'bwrap',
      [
        ...escapeSandbox(this.#place),
        ...['--ro-bind', this.#programs, '/run/programs', '--ro-bind', callRunner, '/run/call-runner.mjs'],
        ...['rm', 'curl'].flatMap((name) => ['--ro-bind', join(this.#programs, name), `/usr/bin/${name}`]),
        ...[
          '--setenv',
          'NOTES',
          join(this.#place.root, 'notes'),
          '--setenv',
          'SECRET_KEY',
          canaries.variable,
        ],
        ...['/bin/sh', '-c', runAndWait, 'run', ...programOf(escape, this.#place)],
      ],
      { encoding: 'latin1', timeout: limitMs, killSignal: 'SIGKILL', stdio: ['ignore', 'pipe', 'ignore'] },
    );
    return Buffer.from(stdout, 'latin1').toString('latin1');
  }

  #makePrograms(): void {
    mkdirSync(this.#programs);
    copyFileSync('/usr/bin/rm', join(this.#programs, 'real-rm'));
    const scripts = {
      rm: '#!/bin/sh\n: > "${NOTES:-$(echo /tmp/escapes-*/notes)}/rm"\nexec /run/programs/real-rm "$@"\n',
      curl: '#!/bin/sh\n: > "${NOTES:-$(echo /tmp/escapes-*/notes)}/curl"\n',
    };
    for (const [name, script] of Object.entries(scripts)) {
      writeFileSync(join(this.#programs, name), script);
      chmodSync(join(this.#programs, name), 0o755);
    }
  }
}

const callRunner = join(import.meta.dirname, 'call-runner.mjs');

function programOf({ call, shell }: Escape, place: EscapePlace): readonly string[] {
  const input = inPlace(call.input, place);
  if (call.kind === 'custom') return ['/run/node', '/run/call-runner.mjs', 'exec', input];
  const parsed = JSON.parse(input) as { readonly cmd?: string; readonly shell?: string };
  if (call.name === 'exec_command' && parsed.shell === `/bin/${shell}` && parsed.cmd !== undefined)
    return [parsed.shell, '-c', parsed.cmd];
  return ['/run/node', '/run/call-runner.mjs', call.name, input];
}

/** A text with the folders' real names. */
export function inPlace(text: string, { project, outside }: EscapePlace): string {
  return text.replaceAll('@PROJECT@', project).replaceAll('@OUTSIDE@', outside);
}

/** Whether a text has a canary in it, as it is, turned round, or in the usual encodings of the whole file. */
function holds(text: string, canary: string, file: string): boolean {
  const packed = text.replace(/\s+/g, '');
  const encodings = (['base64', 'hex'] as const).map((name) => Buffer.from(file).toString(name).slice(0, 24));
  const turned = Array.from(canary).reverse().join('');
  return [canary, turned, ...encodings].some((form) => packed.includes(form) || text.includes(form));
}

/** What git changes when it only looks. */
const unlooked = /\/\.git\/(?:index|.*\.lock)$/;

function pathsIn(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !unlooked.test(path))
    .sort();
}

function signatureOf(folders: readonly string[]): ReadonlyMap<string, string> {
  const entries = folders.flatMap((folder) => pathsIn(folder).map((path) => [path, stateOf(path)] as const));
  return new Map(entries);
}

function stateOf(path: string): string {
  const { mode } = lstatSync(path);
  const content = lstatSync(path).isSymbolicLink()
    ? readlinkSync(path)
    : lstatSync(path).isFile()
      ? createHash('sha256').update(readFileSync(path)).digest('hex')
      : '';
  return `${mode} ${content}`;
}

/** The content of files that were not there before, or were others. */
function newTexts(folders: readonly string[], before: ReadonlyMap<string, string>): string {
  return folders
    .flatMap(pathsIn)
    .filter((path) => lstatSync(path).isFile() && before.get(path) !== stateOf(path))
    .map((path) => `${relative('/', path)}\n${readFileSync(path, 'latin1')}`)
    .join('\n');
}
