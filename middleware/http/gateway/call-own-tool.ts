import {
  fromJsonSchema,
  ProtocolError,
  ProtocolErrorCode,
  type CallToolResult,
} from '@modelcontextprotocol/server';
import { remembered } from '../../kernel/bounds/remembered.ts';
import type { JsonObject } from '../../kernel/json-object.ts';
import type { OwnTool, OwnToolCaller } from '../own-tools/own-tool.ts';

/** Made once: what checks a schema is compiled. */
const inputOf = remembered(({ inputSchema }: OwnTool) => fromJsonSchema<JsonObject>({ ...inputSchema }));

/** Calls a tool of ours, whose faults its caller reads; an input that is none of its is a fault of the request. */
export async function callOwnTool(
  tool: OwnTool,
  input: JsonObject,
  by: OwnToolCaller,
): Promise<CallToolResult> {
  const checked = await inputOf(tool)['~standard'].validate(input);
  if (checked.issues !== undefined) {
    const issues = checked.issues.map(({ message }) => message).join('; ');
    throw new ProtocolError(
      ProtocolErrorCode.InvalidParams,
      `Invalid arguments for tool ${tool.name}: ${issues}`,
    );
  }
  try {
    return { content: [{ type: 'text', text: await tool.call(checked.value, by) }] };
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    return { content: [{ type: 'text', text }], isError: true };
  }
}
