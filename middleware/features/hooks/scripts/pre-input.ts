import { isJsonObject, jsonTypeOf, type JsonObject } from '../../../kernel/json-object.ts';
import { combineDecisions, type FinishedHook, type HookOutcome } from '../answer/combine-decisions.ts';
import type { HookDecision } from '../answer/hook-decision.ts';
import type { HookInput } from '../hook-input.ts';
import { floodBytes, keptOutputBytes } from '../hook-limits.ts';
import type { HookEffects } from '../hook-effects.ts';
import { parseOutput, type HookEnd } from '../answer/parse-output.ts';
import type { ScriptHook } from './script-hooks.ts';
import { fitForModel } from '../answer/text-for-model.ts';
import { failedEnd, reasonOf } from '../answer/within-time.ts';

export interface PreInputInvocation {
  /** The input that a UserPromptSubmit hook would get. */
  readonly input: HookInput;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
  /** How long each script may take. */
  readonly timeoutMs: number;
}

export interface PreInputOutcome extends HookOutcome {
  /** The prompt as it goes on: replaced by a script, or as it was. */
  readonly prompt: string;
}

/**
 * Runs the `pre_input` scripts one after the other, each on the prompt as the one before it left it. A script gets the
 * JSON of a UserPromptSubmit hook on stdin and answers as such a hook does: text on stdout is context for the model, exit
 * code 2 refuses the prompt with what is on stderr. Beyond that, a JSON answer may have `prompt`, which replaces it:
 * `{"prompt": "…"}`. A script that fails, or takes too long, leaves the prompt as it is. The first
 * refusal ends the matter.
 */
export async function runPreInput(
  scripts: readonly ScriptHook[],
  invocation: PreInputInvocation,
  parts: Pick<HookEffects, 'runCommand' | 'persist'>,
): Promise<PreInputOutcome> {
  const finished: FinishedHook[] = [];
  let { input } = invocation;
  for (const script of scripts) {
    const end = await runScript(script, { ...invocation, input }, parts.runCommand);
    const { decision, prompt } = readScriptAnswer(script, end);
    finished.push({ label: script.name, decision: await fitForModel(decision, parts.persist) });
    if (decision.block !== undefined || decision.stop !== undefined) break;
    if (prompt !== undefined) input = { ...input, prompt };
  }
  const outcome = combineDecisions(invocation.input, finished);
  return { ...outcome, prompt: String(input['prompt']) };
}

function runScript(
  { file, args }: ScriptHook,
  { input, cwd, env, signal, timeoutMs }: PreInputInvocation,
  runCommand: HookEffects['runCommand'],
): Promise<HookEnd> {
  const stdin = `${JSON.stringify(input)}\n`;
  return runCommand({
    file,
    args,
    cwd,
    env,
    stdin,
    timeoutMs,
    // A long prompt may come back with every character escaped: at most three bytes for one.
    keepBytes: keptOutputBytes + 3 * Buffer.byteLength(stdin),
    floodBytes,
    permissions: undefined,
    signal,
    onStdout: () => undefined,
  }).catch((error: unknown) => failedEnd('not-started', reasonOf(error)));
}

interface ScriptAnswer {
  readonly decision: HookDecision;
  readonly prompt?: string;
}

function readScriptAnswer(script: ScriptHook, end: HookEnd): ScriptAnswer {
  const decision = parseOutput({ event: 'UserPromptSubmit', label: script.name, onFailure: 'report' }, end);
  const prompt = decision.outcome === 'success' ? readObject(end.stdout)['prompt'] : undefined;
  if (prompt === undefined) return { decision };
  if (typeof prompt === 'string') return { decision, prompt };
  return {
    decision: {
      outcome: 'error',
      error: `its JSON answer is not valid: prompt: expected string, received ${jsonTypeOf(prompt)}`,
    },
  };
}

function readObject(text: string): JsonObject {
  try {
    const value: unknown = JSON.parse(text);
    return isJsonObject(value) ? value : {};
  } catch {
    return {};
  }
}
