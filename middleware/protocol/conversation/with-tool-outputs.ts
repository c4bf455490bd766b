import { isJsonObject, type JsonObject } from '../../kernel/json-object.ts';
import { withCodexOutput } from '../codex/codex-output.ts';

/**
 * An item of a conversation with other outputs of tools in it, by the ids of their calls. The item stays of its kind, with all
 * that it holds beside the outputs, and with what Codex writes about the end of a command.
 */
export function withToolOutputs(item: JsonObject, outputs: ReadonlyMap<string, string>): JsonObject {
  const { type, role, content } = item;
  if (type === 'function_call_output' || type === 'custom_tool_call_output') {
    const output = outputs.get(String(item['call_id']));
    return output === undefined ? item : { ...item, output: replaced(item['output'], output, 'input_text') };
  }
  if (role === 'tool') {
    const output = outputs.get(String(item['tool_call_id']));
    return output === undefined ? item : { ...item, content: replaced(content, output, 'text') };
  }
  if (!Array.isArray(content)) return item;
  const parts = (content as unknown[]).map((part) => {
    if (!isJsonObject(part) || part['type'] !== 'tool_result') return part;
    const output = outputs.get(String(part['tool_use_id']));
    return output === undefined ? part : { ...part, content: replaced(part['content'], output, 'text') };
  });
  return { ...item, content: parts };
}

/** A list stays one: of its texts the first is the new one, and nothing else of what the tool gave is left. */
function replaced(before: unknown, output: string, textType: string): unknown {
  if (!Array.isArray(before)) return withCodexOutput(typeof before === 'string' ? before : '', output);
  const texts = (before as unknown[]).filter(isJsonObject).map(({ text }) => text);
  const whole = texts.filter((text) => typeof text === 'string').join('');
  return [{ type: textType, text: withCodexOutput(whole, output) }];
}
