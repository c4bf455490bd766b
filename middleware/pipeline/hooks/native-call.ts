import { resolve } from 'node:path';
import { isJsonObject, type JsonObject } from '../../kernel/json-object.ts';
import { claudeUsesOf, withClaudeInputs } from '../../protocol/claude-tools/claude-tool.ts';
import { argumentsOf, type CalledTool } from '../../protocol/claude-tools/tool-mapping.ts';
import type { NamedCall } from '../../features/calls/call-rules.ts';

type NativeInput =
  | { readonly kind: 'input'; readonly input: JsonObject }
  | { readonly kind: 'refused'; readonly reason: string };

/** A call as Codex's own hooks tell it. */
export interface NativeCall {
  readonly uses: readonly NamedCall[];
  /** The input for Codex after one of the uses was given another. */
  readonly changed: (use: NamedCall, input: JsonObject) => NativeInput;
}

/**
 * Reads a call that Codex tells by the name and the input of its hooks. They call the shell as Claude Code does, `Bash`, but tell a
 * patch under its own name, as the `command` (seen in 0.171.0); other tools are named as everywhere.
 */
export function nativeCall(name: string, input: unknown, workspace: string): NativeCall {
  const object = isJsonObject(input) ? input : {};
  if (/^[A-Z]/.test(name)) return ownName({ tool: name, input: object });
  const { command } = object;
  const of = (path: string): string => resolve(workspace, path);
  const isPatch = name === 'apply_patch' && typeof command === 'string';
  const call: CalledTool = isPatch
    ? { kind: 'custom', name, namespace: undefined, input: command }
    : { kind: 'function', name, namespace: undefined, input: JSON.stringify(object) };
  const uses = claudeUsesOf(call, of);
  return {
    uses,
    changed: (changedUse, next) => {
      const inputs = uses.map((use) => (use === changedUse ? next : undefined));
      const rewritten = withClaudeInputs(call, inputs, of);
      if (rewritten.kind === 'refused') return rewritten;
      const { input: text } = rewritten;
      return {
        kind: 'input',
        input: isPatch ? { ...object, command: text } : (argumentsOf({ input: text }) ?? {}),
      };
    },
  };
}

function ownName(use: NamedCall): NativeCall {
  return { uses: [use], changed: (_use, input) => ({ kind: 'input', input }) };
}
