import type { ToolCall } from '../apis/tool-call.ts';
import type { JsonObject } from '../../kernel/json-object.ts';
import { readCode, type CallExpression, type UnreadTools } from './code-mode.ts';
import { mappingOf, toolsOf } from './mapping-of.ts';
import {
  refused,
  type ClaudeToolUse,
  type NewInputs,
  type ResolvePath,
  type Rewritten,
} from './tool-mapping.ts';

/**
 * Codex's `exec`: JavaScript that calls tools. The calls whose argument is written out are what it does; where
 * there may be others, the code itself is a use of `exec` as well, the last one.
 */
export const codeMapping = {
  read: (call: ToolCall, resolvePath: ResolvePath): readonly ClaudeToolUse[] => {
    const { calls, unread } = readCode(call.input);
    const uses = calls.flatMap((inner) => usesIn(calledBy(inner, call), resolvePath));
    if (unread !== 'any' && unread.length === 0) return uses;
    return [...uses, { tool: 'exec', input: { input: call.input }, isCode: true }];
  },
  write: (call: ToolCall, inputs: NewInputs, resolvePath: ResolvePath): Rewritten => {
    const { calls } = readCode(call.input);
    let code = call.input;
    let at = calls.reduce((count, inner) => count + usesIn(calledBy(inner, call), resolvePath).length, 0);
    const own = inputs[at];
    if (own !== undefined && own['input'] !== call.input) return wholeCode(own, inputs.slice(0, at));
    // From the end, so that the places of what comes before stay right.
    for (const inner of calls.toReversed()) {
      const count = usesIn(calledBy(inner, call), resolvePath).length;
      at -= count;
      const changes = inputs.slice(at, at + count);
      if (changes.every((input) => input === undefined)) continue;
      const called = calledBy(inner, call);
      const written = mappingOf(called).write(called, changes, resolvePath);
      if (written.kind === 'refused') return written;
      const text = called.kind === 'custom' ? JSON.stringify(written.input) : written.input;
      code = code.slice(0, inner.start) + text + code.slice(inner.end);
    }
    return { kind: 'input', input: code };
  },
};

/** The tools, by Claude Code's names, that code may use in ways that cannot be read. */
export function unreadToolsIn(code: string): UnreadTools {
  const { unread } = readCode(code);
  if (unread === 'any') return unread;
  return unread.flatMap((name) => toolsOf({ kind: 'function', name, namespace: undefined }));
}

function usesIn(called: ToolCall, resolvePath: ResolvePath): readonly ClaudeToolUse[] {
  return mappingOf(called).read(called, resolvePath) ?? [];
}

/** The call that a piece of code makes, by the id of the code's own. A tool that takes a text is called with one. */
function calledBy({ tool, argument }: CallExpression, { callId }: ToolCall): ToolCall {
  const isText = typeof argument === 'string';
  return {
    callId,
    kind: isText ? 'custom' : 'function',
    name: tool,
    namespace: undefined,
    input: isText ? argument : JSON.stringify(argument),
  };
}

function wholeCode(input: JsonObject, others: NewInputs): Rewritten {
  const text = input['input'];
  if (typeof text !== 'string') return refused('its input is a text, and the new one has none as "input"');
  if (others.some((other) => other !== undefined))
    return refused('code and a call in it cannot both be changed');
  return { kind: 'input', input: text };
}
