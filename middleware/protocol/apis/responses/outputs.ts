import type { JsonObject } from '../../../kernel/json-object.ts';
import { objectsIn } from '../common/read-event.ts';
import type { CallOutput } from '../turn-codec.ts';
import { callTypeOf, type CallType } from './calls/call-kinds.ts';
import { responsesImage } from './image.ts';

type OutputWriter = (item: JsonObject, output: Required<CallOutput>) => readonly JsonObject[];

const writers: Readonly<Record<CallType, OutputWriter>> = {
  function_call: (item, { text, images }) => [
    { type: 'function_call_output', ...idOf(item), output: withImages(text, images) },
  ],
  custom_tool_call: (item, { text }) => [{ type: 'custom_tool_call_output', ...idOf(item), output: text }],
  shell_call: (item, { text, isError }) => {
    const [stdout, stderr, exitCode] = isError ? ['', text, 1] : [text, '', 0];
    const output = [{ stdout, stderr, outcome: { type: 'exit', exit_code: exitCode } }];
    return [{ type: 'shell_call_output', ...idOf(item), output }];
  },
  apply_patch_call: (item, { text, isError }) => {
    const status = isError ? 'failed' : 'completed';
    return [{ type: 'apply_patch_call_output', ...idOf(item), status, output: text }];
  },
  // Of this tool alone the output names its call as `id`.
  local_shell_call: (item, { text }) => [
    { type: 'local_shell_call_output', id: item['call_id'], output: text },
  ],
  computer_call: (item, { text }) => [screenshotOf(item), developerMessage(text)],
  tool_search_call: ({ call_id: callId }, { text }) => [
    { type: 'tool_search_output', call_id: callId, execution: 'client', status: 'completed', tools: [] },
    developerMessage(text),
  ],
  mcp_approval_request: (item, { text }) => [
    { type: 'mcp_approval_response', approval_request_id: item['id'], approve: false, reason: text },
  ],
};

/**
 * What came of the call that an item is, as items of the conversation: the one of its kind, and a text where that
 * has no place for it. Throws for an item that is no call.
 */
export function responsesOutputs(item: JsonObject, output: CallOutput): readonly JsonObject[] {
  const type = callTypeOf(item);
  if (type === undefined)
    throw new Error(`an item of the type "${String(item['type'])}" is no call that something can come of`);
  return writers[type](item, { images: [], ...output });
}

function idOf({ call_id: callId, caller }: JsonObject): JsonObject {
  return { call_id: callId, ...(caller === undefined ? {} : { caller }) };
}

function withImages(text: string, images: NonNullable<CallOutput['images']>): unknown {
  if (images.length === 0) return text;
  const words = text === '' ? [] : [{ type: 'input_text', text }];
  return [...words, ...images.map(responsesImage)];
}

/** 256 pixels square, all black: this output has no other form than a picture. */
const nothingToSee =
  'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAQAAAAEAAQAAAAB0CZXLAAAAH0lEQVR42u3BAQ0AAADCoPdPbQ43oAAAAAAAAAAAvg0hAAABYOSdlwAAAABJRU5ErkJggg==';

function screenshotOf(item: JsonObject): JsonObject {
  const checks = objectsIn(item['pending_safety_checks']);
  return {
    type: 'computer_call_output',
    call_id: item['call_id'],
    // The API takes no output without it. It is about what the action would do, and nothing was done.
    ...(checks.length === 0 ? {} : { acknowledged_safety_checks: checks }),
    output: { type: 'computer_screenshot', image_url: nothingToSee },
  };
}

function developerMessage(text: string): JsonObject {
  return { type: 'message', role: 'developer', content: [{ type: 'input_text', text }] };
}
