import { finishedUse, type CallResult } from '../../features/hooks/finished-use.ts';
import type { HookOutcome } from '../../features/hooks/answer/combine-decisions.ts';
import type { Caller } from '../../kernel/exchange.ts';
import type { JsonObject } from '../../kernel/json-object.ts';
import type { Log } from '../../kernel/log.ts';
import { codexApi } from '../../protocol/apis/codex-api.ts';
import { namedSessionKey } from '../../protocol/conversation/session-key.ts';
import { parseCodexOutput } from '../../protocol/codex/codex-output.ts';
import type { ProjectLookup } from '../projects.ts';
import { callPolicyOf, type Undecided } from '../../features/calls/call-policy.ts';
import type { CallVerdict } from '../call-checks.ts';
import { checkCall, type CheckCallParts } from './check-call.ts';
import { coverUse, takeCovered } from './covered-uses.ts';
import { beginCall } from '../../features/hooks/sessions/begin-call.ts';
import type { HookPlace } from '../../features/hooks/sessions/hook-place.ts';
import type { HookSession, HookSessions } from '../../features/hooks/sessions/hook-sessions.ts';
import type { HookAudience, HooksOf } from '../../features/hooks/config/project-hooks.ts';
import { nativeCall, type NativeUses } from './native-call.ts';
import { placeNamed } from './place-named.ts';
import { refusedForModel } from './refused-for-model.ts';
import { nobodyToAsk, strictest } from './tool-checker.ts';
import { updatedOutputOf } from './updated-output.ts';
import type { ClaudeToolUse } from '../../protocol/claude-tools/tool-mapping.ts';

interface NativeHooksOptions extends CheckCallParts {
  readonly projectNamed: ProjectLookup['named'];
  readonly hooksOf: HooksOf;
  readonly sessions: HookSessions;
  /** Who decides what no rule does. */
  readonly undecided: Undecided;
  /** A clock that only goes forward, in milliseconds. */
  readonly now: () => number;
  readonly log: Log;
}

/** Codex ends its call of ours after 60 s (see the entry that `init` writes). */
const limitMs = 55_000;

/**
 * Runs hooks for Codex's own ones. A call that was decided when it crossed the wire is not decided again: the
 * answer is empty at once. An output is told with the next request, which alone has the end of a command and what else
 * the model called; here only where no request will have it.
 */
export function createNativeHooks(
  options: NativeHooksOptions,
): (told: JsonObject, caller: Caller) => Promise<string> {
  return async (told, caller) => {
    const { hook_event_name: event, session_id: session, cwd } = told;
    const id = textOf(told['tool_use_id']);
    const claim = claims[textOf(event)];
    if (claim === undefined || typeof session !== 'string') return '';
    // Without an id nothing tells one call from another.
    const known = options.sessions.find(namedSessionKey(session, caller, codexApi));
    if (id !== '' && isHandled(claim, id, known)) return '';
    if (claim === 'post' && known !== undefined && comesWithRequest(told, id, known)) {
      known.left.add(id);
      return '';
    }
    const place = await placeOf({ session, cwd: textOf(cwd), caller }, options);
    if (place === undefined) return '';
    if (claim === 'pre') beginCall(place.session, id);
    else place.session.handled.set(`told ${id}`, true);
    const signal = AbortSignal.timeout(limitMs);
    const answer =
      claim === 'pre'
        ? await before(told, { place, caller, signal }, options)
        : await after(told, place, signal, options);
    return answer === undefined ? '' : JSON.stringify(answer);
  };
}

const claims: Readonly<Record<string, 'pre' | 'post'>> = { PreToolUse: 'pre', PostToolUse: 'post' };

/** Whether a call was decided on the wire, or its output told with a request, or either here. */
function isHandled(claim: 'pre' | 'post', id: string, known: HookSession | undefined): boolean {
  const { handled } = known ?? {};
  if (handled?.get(`${claim} ${id}`) === true) return true;
  return claim === 'post' && handled?.get(`told ${id}`) === true;
}

/**
 * Whether the output of a call comes with the next request as well. Calls that code of the model makes are in none
 * (they have such ids since 0.169.0), nor are those of a turn whose requests go elsewhere.
 */
function comesWithRequest(told: JsonObject, id: string, known: HookSession): boolean {
  return known.turns.has(textOf(told['turn_id'])) && !ofCode.test(id);
}

const ofCode = /^(?:exec-|$)/;

async function placeOf(
  { session, cwd, caller }: { readonly session: string; readonly cwd: string; readonly caller: Caller },
  options: NativeHooksOptions,
): Promise<HookPlace | undefined> {
  const project = await options.projectNamed(caller.kind, cwd === '' ? undefined : cwd);
  if (project === undefined) return undefined;
  // What hooks say here, Codex shows itself.
  return await placeNamed({ project, audience: audienceOf(caller), session }, options);
}

function audienceOf(caller: Caller): HookAudience {
  return { client: { kind: 'codex', version: undefined }, caller };
}

async function before(
  told: JsonObject,
  {
    place,
    caller,
    signal,
  }: { readonly place: HookPlace; readonly caller: Caller; readonly signal: AbortSignal },
  options: NativeHooksOptions,
): Promise<JsonObject | undefined> {
  const id = textOf(told['tool_use_id']);
  const policy = callPolicyOf(place, audienceOf(caller), options.undecided);
  const call = callIn(told, place);
  const uses = call.uses.filter((use) => !takeCovered(place.session, 'pre', use));
  const verdicts = await Promise.all(
    uses.map((named) => checkCall({ place, named, id, policy, on: { signal } }, options)),
  );
  const verdict = strictest(verdicts);
  place.session.beganAt.set(id, options.now());
  // A question cannot be put into a turn that is under way: what would ask is refused.
  const final: Final = verdict.kind === 'ask' ? { kind: 'deny', reason: nobodyToAsk(verdict) } : verdict;
  return verdictAnswer(refusedForModel(changedForCodex(final, call, uses), { place, id, uses }));
}

type Final = Exclude<CallVerdict, { readonly kind: 'ask' }>;

/** The verdict with the input that Codex takes. Only a call with one use can have been changed (see `strictest`). */
function changedForCodex(verdict: Final, call: NativeUses, [use]: readonly ClaudeToolUse[]): Final {
  if (verdict.kind !== 'allow' || verdict.updatedInput === undefined || use === undefined) return verdict;
  const input = call.changed(use, verdict.updatedInput);
  return input.kind === 'refused'
    ? { kind: 'deny', reason: input.reason, by: 'a hook' }
    : { ...verdict, updatedInput: input.input };
}

/** In Codex's form. */
function verdictAnswer(verdict: Final): JsonObject | undefined {
  switch (verdict.kind) {
    case 'allow':
      return verdict.updatedInput === undefined
        ? undefined
        : preToolUse({ permissionDecision: 'allow', updatedInput: verdict.updatedInput });
    case 'deny':
    case 'stop':
      return preToolUse({ permissionDecision: 'deny', permissionDecisionReason: verdict.reason });
  }
}

function preToolUse(decision: JsonObject): JsonObject {
  return { hookSpecificOutput: { hookEventName: 'PreToolUse', ...decision } };
}

async function after(
  told: JsonObject,
  place: HookPlace,
  signal: AbortSignal,
  options: NativeHooksOptions,
): Promise<JsonObject | undefined> {
  const id = textOf(told['tool_use_id']);
  const beganAt = place.session.beganAt.get(id);
  // With the time in which Codex asked its user, if it did.
  const durationMs = beganAt === undefined ? 0 : Math.round(options.now() - beganAt);
  const { uses } = callIn(told, place);
  const outcomes = await Promise.all(
    uses.map((use) => {
      coverUse(place.session, 'post', use);
      const call = { tool: use.tool, input: use.input, id };
      const response = responseTo(use, told['tool_response'], { id, durationMs });
      return options.run(place, 'PostToolUse', { call, response, durationMs }, { signal });
    }),
  );
  const tools = uses.map(({ tool }) => tool);
  const updated = updatedOutputOf(tools, outcomes, place);
  // Codex takes no other output here; it comes with the next request, and is changed there.
  if (updated !== undefined) place.session.outputOf.set(id, updated);
  return outcomeAnswer(outcomes, place.session.contextsOf.get(id) ?? []);
}

/**
 * In the shape of the tool's own results. Codex (0.171.0) tells what a command printed and not how it ended, so that
 * one which failed is told like any other.
 */
function responseTo(
  use: ClaudeToolUse,
  told: unknown,
  { id, durationMs }: Pick<CallResult, 'id' | 'durationMs'>,
): unknown {
  // What a command prints may look like JSON.
  const value = use.tool === 'Bash' ? told : parsed(told);
  if (typeof value !== 'string') return value;
  const output = use.tool === 'Bash' ? value : (parseCodexOutput(value)?.output ?? value);
  const result = { id, durationMs, text: value, output, isError: false, exitCode: undefined };
  return finishedUse(use, result).response;
}

function outcomeAnswer(outcomes: readonly HookOutcome[], earlier: readonly string[]): JsonObject | undefined {
  const contexts = [...earlier, ...outcomes.flatMap((outcome) => outcome.contexts)];
  const messages = outcomes.flatMap((outcome) => outcome.messages);
  const stop = outcomes.find((outcome) => outcome.stop !== undefined)?.stop;
  if (contexts.length === 0 && messages.length === 0 && stop === undefined) return undefined;
  return {
    ...(stop !== undefined && { continue: false, stopReason: stop }),
    ...(messages.length > 0 && { systemMessage: messages.join('\n') }),
    ...(contexts.length > 0 && {
      hookSpecificOutput: { hookEventName: 'PostToolUse', additionalContext: contexts.join('\n\n') },
    }),
  };
}

function callIn(told: JsonObject, { project: { workspace } }: HookPlace): NativeUses {
  return nativeCall(
    {
      id: textOf(told['tool_use_id']),
      name: textOf(told['tool_name']),
      input: parsed(told['tool_input']),
    },
    workspace,
  );
}

/** Codex writes what is no text as JSON. */
function parsed(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  try {
    return JSON.parse(value) as unknown;
  } catch {
    return value;
  }
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
