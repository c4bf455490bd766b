import type { JsonObject } from '../../kernel/json-object.ts';
import { claudeToolsOf, isReadable, withClaudeInputs } from '../../protocol/claude-tools/claude-tool.ts';
import type { ResolvePath } from '../../protocol/claude-tools/tool-mapping.ts';
import type { CallHead, ToolCall } from '../../protocol/apis/tool-call.ts';
import type { CallVerdict } from '../hooks/check-call.ts';
import { nobodyToAsk } from '../hooks/tool-checker.ts';

/** What is decided about a call: by hooks and rules, or that it is not the client's to run, and what came of it. */
type Verdict =
  CallVerdict | { readonly kind: 'answered'; readonly output: string; readonly isError: boolean };

/** Decides the calls in one answer. */
export interface CallChecks {
  /** Whether uses of a tool, by Claude Code's name for it, have to be decided; calls of any other go to the client untouched. */
  readonly mayConcern: (tool: string) => boolean;
  /** A new input is in the words of Claude Code's tool. */
  readonly check: (call: ToolCall) => Promise<Verdict>;
}

/** What becomes of a held call. */
export type Settled =
  /** The client gets it. `input`: another than the model gave it. */
  | { readonly kind: 'released'; readonly input: string | undefined }
  /** `refusedBy`: what refused it, without what the call was made with. */
  | {
      readonly kind: 'hidden';
      readonly output: string;
      readonly isError: boolean;
      readonly refusedBy?: string;
    }
  /** `input`: what the client gets in the place of the model's, if the user says yes. */
  | (Asking & { readonly input: string | undefined })
  | Extract<Verdict, { readonly kind: 'stop' }>;

type Asking = Pick<Extract<Verdict, { readonly kind: 'ask' }>, 'kind' | 'question' | 'answered'>;

/** Whether a call has to be held until it is decided, told by its tool. */
export function mayConcernCall(checks: CallChecks, head: CallHead): boolean {
  return claudeToolsOf(head)?.some(checks.mayConcern) ?? true;
}

/** Has a complete call decided. Where nobody can be asked, a question is a refusal. */
export async function settleCall(
  call: ToolCall,
  checks: CallChecks,
  { canAsk, resolvePath }: { readonly canAsk: boolean; readonly resolvePath: ResolvePath },
): Promise<Settled> {
  if (!isReadable(call))
    return hidden(
      `The call of ${call.name === '' ? 'a tool without a name' : call.name} cannot be read: its input is not valid JSON, or has a key twice. Make the call again.`,
      'it cannot be read',
    );
  const verdict = await checks.check(call);
  switch (verdict.kind) {
    case 'allow':
      return released(call, verdict.updatedInput, resolvePath);
    case 'deny':
      return hidden(verdict.reason, verdict.by);
    case 'answered':
      return { kind: 'hidden', output: verdict.output, isError: verdict.isError };
    case 'ask':
      return canAsk
        ? asked(call, verdict, resolvePath)
        : hidden(nobodyToAsk(verdict.question), 'nobody can be asked');
    case 'stop':
      return verdict;
  }
}

function asked(
  call: ToolCall,
  { kind, question, answered, updatedInput }: Extract<Verdict, { readonly kind: 'ask' }>,
  resolvePath: ResolvePath,
): Settled {
  const changed = released(call, updatedInput, resolvePath);
  return changed.kind === 'released' ? { kind, question, answered, input: changed.input } : changed;
}

function released(call: ToolCall, updatedInput: JsonObject | undefined, resolvePath: ResolvePath): Settled {
  if (updatedInput === undefined) return { kind: 'released', input: undefined };
  if (call.isFixed === true) return unkept(call, 'its provider makes it as it is');
  const rewritten = withClaudeInputs(call, [updatedInput], resolvePath);
  return rewritten.kind === 'input'
    ? { kind: 'released', input: rewritten.input }
    : unkept(call, rewritten.reason);
}

function unkept({ name }: ToolCall, why: string): Settled {
  return hidden(`A hook changed the input of ${name} in a way that cannot be kept: ${why}.`, 'a hook');
}

function hidden(output: string, refusedBy?: string): Settled {
  return { kind: 'hidden', output, isError: true, ...(refusedBy !== undefined && { refusedBy }) };
}
