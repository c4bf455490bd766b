import type { CheckedFiles } from '../../features/hooks/trust/checked-files.ts';
import { floodBytes, scriptTimeoutMs } from '../../features/hooks/hook-limits.ts';
import { postOutput } from '../../features/hooks/scripts/post-output.ts';
import type { ScriptHook } from '../../features/hooks/scripts/script-hooks.ts';
import type { TextTransform } from '../../features/hooks/scripts/text-transform.ts';
import { needsTrust } from '../../features/trust/needs-trust.ts';
import { startBounded } from '../../platform/process/bounded-child.ts';
import type { HookPlace } from '../../features/hooks/sessions/hook-place.ts';
import { wrapCommand, type WrappedHookCommand } from '../../features/hooks/run/run-hook-command.ts';
import { environmentOf, ownVariables, tellMessages, type HookRunnerOptions } from './hook-runner.ts';

/** The way of an answer's texts through the `post_output` scripts that may run; `undefined` where there is none. */
export type StartPostOutput = (place: HookPlace, signal: AbortSignal) => Promise<TextTransform | undefined>;

/** Starts `post_output` scripts with real processes; those of a project in the sandbox. */
export function createPostOutputStarter(options: HookRunnerOptions): StartPostOutput {
  return async (place, signal) => {
    const all = place.hooks.scripts.filter(({ slot }) => slot === 'post_output');
    const { allowed, filesOf } = await options.trust.check(all, place);
    if (allowed.length === 0) return undefined;
    return (text) => throughScripts(text, { allowed, filesOf, place, signal }, options);
  };
}

interface Scripts extends Pick<Awaited<ReturnType<HookRunnerOptions['trust']['check']>>, 'filesOf'> {
  readonly allowed: readonly ScriptHook[];
  readonly place: HookPlace;
  readonly signal: AbortSignal;
}

/** Each text has programs of its own: what is around one is gone when it ends. */
async function* throughScripts(
  text: AsyncIterable<string>,
  { allowed, filesOf, place, signal }: Scripts,
  options: HookRunnerOptions,
): AsyncGenerator<string, void, undefined> {
  const pieces = text[Symbol.asyncIterator]();
  const first = await pieces.next();
  if (first.done === true) return;
  const ready = (
    await Promise.all(allowed.map((script) => prepare(script, filesOf.get(script), place, options)))
  ).flat();
  const waiting = new Map(ready.map(({ script, program }) => [script.path, program]));
  const transform = postOutput(
    ready.map(({ script }) => script),
    {
      cwd: place.project.workspace,
      env: {},
      timeoutMs: scriptTimeoutMs,
      signal,
      start: (process) => {
        const path = process.args.find((argument) => waiting.has(argument)) ?? '';
        const program = waiting.get(path);
        waiting.delete(path);
        const child = startBounded({ ...process, ...program, floodBytes, background: 'ends' });
        void child.ended.then(() => tellUndone(path, program, place));
        return child;
      },
      onProblem: (problem) => {
        place.log.warn('a hook failed', { session: place.session.id, problem });
      },
    },
  );
  try {
    yield* transform(withFirst(first.value, pieces));
  } finally {
    // One whose script before it said nothing never began.
    for (const [path, program] of waiting) void tellUndone(path, program, place);
  }
}

async function* withFirst(
  first: string,
  rest: AsyncIterator<string>,
): AsyncGenerator<string, void, undefined> {
  try {
    yield first;
    for (let next = await rest.next(); next.done !== true; next = await rest.next()) yield next.value;
  } finally {
    await rest.return?.();
  }
}

/** Never rejects: the answer does not wait for it. */
async function tellUndone(path: string, program: Program | undefined, place: HookPlace): Promise<void> {
  const problem = await program?.undo().catch((error: unknown) => String(error));
  if (problem === undefined) return;
  place.log.warn('a hook failed', { session: place.session.id, problem: `${path}: ${problem}` });
}

type Program = Omit<WrappedHookCommand & { readonly kind: 'ready' }, 'kind'>;

interface ReadyScript {
  readonly script: ScriptHook;
  readonly program: Program;
}

async function prepare(
  script: ScriptHook,
  checked: CheckedFiles | undefined,
  place: HookPlace,
  options: HookRunnerOptions,
): Promise<readonly ReadyScript[]> {
  const env = environmentOf(place, script.source, options);
  const command = { ...script, env, checked, permissions: needsTrust(script.source) ? [] : undefined };
  const { workspace } = place.project;
  const program = await wrapCommand(command, options.sandbox, {
    workspace,
    ownVariables: ownVariables(place),
    copiesDir: options.copiesDir,
  });
  if (program.kind === 'ready') {
    const note = program.takeNote();
    if (note !== undefined) tellMessages([note], place);
    return [{ script, program }];
  }
  place.log.warn('a hook failed', {
    session: place.session.id,
    problem: `${script.name}: ${program.reason}`,
  });
  return [];
}
