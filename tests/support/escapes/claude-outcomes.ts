import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { commitPlace, makeEscapePlace, type EscapePlace } from './escape-place.ts';
import { escapeSandbox } from './escape-sandbox.ts';
import type { Escape } from './read-escapes.ts';
import type { Outcome } from './recorded-escapes.ts';
import { inPlace } from './run-escape.ts';

/** What the shell prints that Claude Code is given in place of a real one: a line that it runs does nothing. */
const ran = 'the line was run';
/** A conversation of more lines grows to megabytes a request. */
const linesOfOneRun = 200;
const limitMs = 300_000;

/** Which version of Claude Code a program is. */
export function claudeVersion(program: string): string {
  const text = execFileSync(program, ['--version'], { encoding: 'utf8', env: { HOME: '/nonexistent' } });
  return /[\d.]+/.exec(text)?.[0] ?? text;
}

/**
 * What Claude Code makes of each shell line, without a user to ask: `-p`, the rule in the user's settings, and the modes that
 * `decideEscape` uses. Calls of Codex's other tools have no counterpart there.
 */
export function claudeOutcomes(program: string, escapes: readonly Escape[]): ReadonlyMap<string, Outcome> {
  const lines = escapes.filter((escape) => lineOf(escape) !== undefined);
  const alike = Object.groupBy(lines, ({ behavior, rule, shell }) => `${behavior} ${rule} ${shell}`);
  const outcomes = new Map<string, Outcome>();
  for (const group of Object.values(alike)) {
    for (let at = 0; at < (group?.length ?? 0); at += linesOfOneRun) {
      const some = group?.slice(at, at + linesOfOneRun) ?? [];
      for (const [id, outcome] of outcomesOfRun(program, some)) outcomes.set(id, outcome);
    }
  }
  return outcomes;
}

function lineOf({ call, shell }: Escape): string | undefined {
  const input = JSON.parse(call.kind === 'function' ? call.input : '{}') as Readonly<Record<string, unknown>>;
  const isPlain = Object.keys(input).length === 2 && input['shell'] === `/bin/${shell}`;
  return isPlain && typeof input['cmd'] === 'string' ? input['cmd'] : undefined;
}

function outcomesOfRun(program: string, escapes: readonly Escape[]): readonly (readonly [string, Outcome])[] {
  const [first] = escapes;
  if (first === undefined) return [];
  const place = makeEscapePlace();
  try {
    commitPlace(place);
    const texts = textsOfRun(
      program,
      first,
      place,
      escapes.map((escape) => inPlace(lineOf(escape) ?? '', place)),
    );
    if (texts.length !== escapes.length)
      throw new Error(`Claude Code ended after ${texts.length} lines of ${escapes.length}`);
    return escapes.map(({ id }, at) => [id, outcomeOf(texts[at] ?? '')]);
  } finally {
    place.remove();
  }
}

/** What a program of Claude Code answers to the model that asks for the lines. */
function textsOfRun(
  program: string,
  { behavior, rule, shell }: Escape,
  place: EscapePlace,
  lines: readonly string[],
): readonly string[] {
  const inRoot = (name: string): string => join(place.root, name);
  mkdirSync(join(place.home, '.claude'));
  writeFileSync(
    join(place.home, '.claude', 'settings.json'),
    JSON.stringify({ permissions: { [behavior]: [rule] } }),
  );
  writeFileSync(inRoot('shell'), `#!/bin/sh\necho ${ran}\n`, { mode: 0o755 });
  const mode = behavior === 'deny' ? 'bypassPermissions' : 'default';
  const options = ['--permission-mode', mode];
  writeFileSync(inRoot('orders'), JSON.stringify({ program: '/run/claude', options, lines }));
  const variables = {
    SHELL: `/bin/${shell}`,
    CLAUDE_CODE_SHELL_PREFIX: inRoot('shell'),
    ANTHROPIC_API_KEY: 'sk-ant-made-up-key',
    // It takes root for a mistake in bypassPermissions, but for a sandbox.
    IS_SANDBOX: '1',
    DISABLE_AUTOUPDATER: '1',
    CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
  };
  const { status, stderr } = spawnSync(
    'bwrap',
    [
      ...escapeSandbox(place),
      ...['--ro-bind', realpathSync(program), '/run/claude'],
      ...['--ro-bind', join(import.meta.dirname, 'claude-session.mjs'), '/run/session.mjs'],
      ...Object.entries(variables).flatMap(([name, value]) => ['--setenv', name, value]),
      ...['/run/node', '/run/session.mjs', inRoot('orders'), inRoot('report')],
    ],
    { encoding: 'utf8', timeout: limitMs, killSignal: 'SIGKILL', stdio: ['ignore', 'ignore', 'pipe'] },
  );
  if (status !== 0) throw new Error(`Claude Code ended with ${status}: ${stderr}`);
  const results = JSON.parse(readFileSync(inRoot('report'), 'utf8')) as readonly { readonly text: string }[];
  return results.map(({ text }) => text);
}

/**
 * Refused by a rule in so many words, run, or anything else that it says instead of running a line: a question that
 * nobody answers.
 */
function outcomeOf(text: string): Outcome {
  if (text.trim() === ran) return 'ran';
  const isDenied =
    /^Permission to use Bash with command [^]* has been denied\.|blocked by a deny rule|denied by your permission settings/;
  return isDenied.test(text) ? 'denied' : 'asked';
}
