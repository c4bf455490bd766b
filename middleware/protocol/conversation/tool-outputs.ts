import type { Api } from '../../kernel/exchange.ts';
import { codecOf } from '../apis/codec-of.ts';
import { objectsIn, textAt } from '../apis/common/read-event.ts';
import type { ToolCall } from '../apis/tool-call.ts';
import type { ToolResult } from '../apis/tool-result.ts';
import type { Conversation } from './conversation.ts';

/** What came of a tool call that the client ran. */
export interface ToolOutput extends Omit<ToolResult, 'content'> {
  /** Index of the item that holds it. */
  readonly index: number;
  readonly call: ToolCall;
  readonly text: string;
}

/**
 * The outputs at the end of a conversation, behind the model's last word, in order; each with the call that it answers.
 * `known` has the calls that do not stand in it: those of an answer that its client goes on from by its id.
 */
export function newToolOutputs(
  conversation: Conversation,
  api: Api,
  known: Pick<ReadonlyMap<string, ToolCall>, 'get'> = new Map<string, ToolCall>(),
): readonly ToolOutput[] {
  const { callsIn, resultsIn, isModels } = codecOf(api).history;
  const outputs: Omit<ToolOutput, 'call'>[] = [];
  const calls = new Map<string, ToolCall>();
  // Ids of outputs whose call was not met yet: asking each of them at each item would be quadratic.
  const open = new Set<string>();
  let isBehindModel = true;
  for (let index = conversation.length - 1; index >= 0; index -= 1) {
    const item = conversation.at(index);
    if (isModels(item)) isBehindModel = false;
    else if (isBehindModel) {
      for (const { content, ...result } of [...resultsIn(item)].reverse()) {
        outputs.push({ ...result, index, text: textIn(content) });
        open.add(result.callId);
      }
    } else if (open.size === 0) break;
    for (const call of callsIn(item)) {
      if (!calls.has(call.callId)) calls.set(call.callId, call);
      open.delete(call.callId);
    }
  }
  return outputs.reverse().flatMap((output) => {
    const call = calls.get(output.callId) ?? known.get(output.callId);
    return call === undefined ? [] : [{ ...output, call }];
  });
}

function textIn(content: unknown): string {
  if (typeof content === 'string') return content;
  return objectsIn(content)
    .map((part) => textAt(part, 'text'))
    .join('');
}
