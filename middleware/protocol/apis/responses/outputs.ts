import type { JsonObject } from '../../../kernel/json-object.ts';
import { objectsIn } from '../common/read-event.ts';
import type { CallOutput } from '../turn-codec.ts';
import { responsesImage } from './image.ts';

/**
 * What came of the call that an item is, as items of the conversation: the one of its kind, and a text where that
 * has no place for it.
 */
export function responsesOutputs(
  item: JsonObject,
  { text, images = [], isError }: CallOutput,
): readonly JsonObject[] {
  const callId = item['call_id'];
  const caller = item['caller'] === undefined ? {} : { caller: item['caller'] };
  switch (item['type']) {
    case 'custom_tool_call':
      return [{ type: 'custom_tool_call_output', call_id: callId, ...caller, output: text }];
    case 'shell_call': {
      const [stdout, stderr, exitCode] = isError ? ['', text, 1] : [text, '', 0];
      const output = [{ stdout, stderr, outcome: { type: 'exit', exit_code: exitCode } }];
      return [{ type: 'shell_call_output', call_id: callId, ...caller, output }];
    }
    case 'apply_patch_call': {
      const status = isError ? 'failed' : 'completed';
      return [{ type: 'apply_patch_call_output', call_id: callId, ...caller, status, output: text }];
    }
    case 'local_shell_call':
      // Of this tool alone the output names its call as `id`.
      return [{ type: 'local_shell_call_output', id: callId, output: text }];
    case 'computer_call':
      return [screenshotOf(item), developerMessage(text)];
    case 'tool_search_call':
      return [
        { type: 'tool_search_output', call_id: callId, execution: 'client', status: 'completed', tools: [] },
        developerMessage(text),
      ];
    case 'mcp_approval_request':
      return [
        { type: 'mcp_approval_response', approval_request_id: item['id'], approve: false, reason: text },
      ];
    default:
      return [{ type: 'function_call_output', call_id: callId, ...caller, output: withImages(text, images) }];
  }
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
