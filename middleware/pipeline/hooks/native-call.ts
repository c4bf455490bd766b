import { resolve } from 'node:path';
import { isJsonObject, type JsonObject } from '../../kernel/json-object.ts';
import type { ToolCall } from '../../protocol/apis/tool-call.ts';
import { claudeUsesOf, withClaudeInputs } from '../../protocol/claude-tools/claude-tool.ts';
import { argumentsOf, type ClaudeToolUse } from '../../protocol/claude-tools/tool-mapping.ts';

type NativeInput =
  | { readonly kind: 'input'; readonly input: JsonObject }
  | { readonly kind: 'refused'; readonly reason: string };

/** What Codex tells of a call. */
interface ToldCall {
  readonly id: string;
  readonly name: string;
  readonly input: unknown;
}

/** What a call that Codex's own hooks tell of comes to. */
export interface NativeUses {
  readonly uses: readonly ClaudeToolUse[];
  /** The input for Codex after one of the uses was given another. */
  readonly changed: (use: ClaudeToolUse, input: JsonObject) => NativeInput;
}

/**
 * Reads a call that Codex tells by the name and the input of its hooks. They call the shell as Claude Code does,
 * `Bash`, but tell a patch under its own name, as the `command` (seen in 0.171.0); other tools are named as
 * everywhere.
 */
export function nativeCall({ name, input, id: callId }: ToldCall, workspace: string): NativeUses {
  const object = isJsonObject(input) ? input : {};
  if (/^[A-Z]/.test(name)) return ownName({ tool: name, input: object });
  const { command } = object;
  const of = (path: string): string => resolve(workspace, path);
  const isPatch = name === 'apply_patch' && typeof command === 'string';
  const call: ToolCall = {
    ...{ callId, name, namespace: undefined },
    ...(isPatch ? { kind: 'custom', input: command } : { kind: 'function', input: JSON.stringify(object) }),
  };
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

function ownName(use: ClaudeToolUse): NativeUses {
  return { uses: [use], changed: (_use, input) => ({ kind: 'input', input }) };
}
