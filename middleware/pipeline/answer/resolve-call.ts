import type { JsonObject } from '../../kernel/json-object.ts';
import { claudeToolsOf, isReadable, withClaudeInputs } from '../../protocol/claude-tools/claude-tool.ts';
import type { ResolvePath } from '../../protocol/claude-tools/tool-mapping.ts';
import type { CallHead, ToolCall } from '../../protocol/apis/tool-call.ts';
import type { CallAnswer, CallChecks, CallStep, CallVerdict, RunsFor, WaitingCall } from '../call-checks.ts';
import { nobodyToAsk } from '../hooks/tool-checker.ts';

/** What becomes of a held call. */
export type CallResolution =
  /** The client gets it. `input`: another than the model gave it. */
  | { readonly kind: 'released'; readonly input: string | undefined }
  /** The model is told why it does not run. `refusedBy`: what refused it, without what the call was made with. */
  | { readonly kind: 'refused'; readonly output: string; readonly refusedBy?: string }
  /** It was run here. */
  | ({ readonly kind: 'answered' } & CallAnswer)
  /** `input`: what the client gets in the place of the model's, if the user says yes. */
  | (Asking & {
      readonly input: string | undefined;
      /** Of a call that is ours and not the client's. */
      readonly run?: CallRun;
    })
  /** It runs here, and its user is asked something meanwhile. */
  | ({ readonly kind: 'waits' } & WaitingCall)
  | Extract<CallVerdict, { readonly kind: 'stop' }>;

/** Runs a call that the user allowed. */
type CallRun = (on: RunsFor) => Promise<CallStep>;

type Asking = Pick<Extract<CallVerdict, { readonly kind: 'ask' }>, 'kind' | 'question' | 'resolve'>;

/** Whether a call has to be held until it is decided, told by its tool. */
export function mayConcernCall(checks: CallChecks, head: CallHead): boolean {
  return claudeToolsOf(head)?.some(checks.mayConcern) ?? true;
}

/** Has a complete call decided. Where nobody can be asked, a question is a refusal. */
export async function resolveCall(
  call: ToolCall,
  checks: CallChecks,
  { canAsk }: { readonly canAsk: boolean },
): Promise<CallResolution> {
  if (!isReadable(call))
    return refused(
      `The call of ${call.name === '' ? 'a tool without a name' : call.name} cannot be read: its input is not valid JSON, or has a key twice. Make the call again.`,
      'it cannot be read',
    );
  const { resolvePath } = checks;
  const verdict = await checks.check(call);
  switch (verdict.kind) {
    case 'allow':
      return released(call, verdict.updatedInput, resolvePath);
    case 'deny':
      return refused(verdict.reason, verdict.by);
    case 'ask':
      return canAsk
        ? asked(call, verdict, resolvePath)
        : refused(nobodyToAsk(verdict), 'nobody can be asked');
    case 'stop':
      return verdict;
  }
}

function asked(
  call: ToolCall,
  { kind, question, resolve, updatedInput }: Extract<CallVerdict, { readonly kind: 'ask' }>,
  resolvePath: ResolvePath,
): CallResolution {
  const changed = released(call, updatedInput, resolvePath);
  return changed.kind === 'released' ? { kind, question, resolve, input: changed.input } : changed;
}

function released(
  call: ToolCall,
  updatedInput: JsonObject | undefined,
  resolvePath: ResolvePath,
): CallResolution {
  if (updatedInput === undefined) return { kind: 'released', input: undefined };
  if (call.isFixed === true) return unkept(call, 'its provider makes it as it is');
  const rewritten = withClaudeInputs(call, [updatedInput], resolvePath);
  return rewritten.kind === 'input'
    ? { kind: 'released', input: rewritten.input }
    : unkept(call, rewritten.reason);
}

function unkept({ name }: ToolCall, why: string): CallResolution {
  return refused(`A hook changed the input of ${name} in a way that cannot be kept: ${why}.`, 'a hook');
}

function refused(output: string, refusedBy?: string): CallResolution {
  return { kind: 'refused', output, ...(refusedBy !== undefined && { refusedBy }) };
}

/** Whether the client gets something else than the model wrote. */
export function isChange(resolution: CallResolution): boolean {
  return resolution.kind !== 'released' || resolution.input !== undefined;
}
