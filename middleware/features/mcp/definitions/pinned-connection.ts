import type { CallToolResult, Tool } from '@modelcontextprotocol/client';
import { nameOf } from '../failure-of.ts';
import { remembered } from '../../../kernel/bounds/remembered.ts';
import type { Connection } from '../connection.ts';
import { safeItems, safeTools } from './safe-definition.ts';
import type { PinPlace, ToolPins } from './tool-pins.ts';

/** How long a call waits for the definition of its tool: a server that cannot tell it may answer calls all the same. */
const definitionMs = 5_000;

const madeSafe = remembered(safeTools);
const safeList = remembered((items: readonly unknown[]) => safeItems(items)) as typeof safeItems;

/** The tools of a server as others may have them. */
export async function usableTools(
  tools: readonly Tool[],
  place: PinPlace,
  pins: ToolPins | undefined,
): Promise<readonly Tool[]> {
  return madeSafe(pins === undefined ? tools : await pins.settle(place, tools));
}

/** The same where nothing has to be looked at; `undefined` where something has. */
export function settledTools(
  tools: readonly Tool[],
  place: PinPlace,
  pins: ToolPins | undefined,
): readonly Tool[] | undefined {
  const settled = pins === undefined ? tools : pins.settled(place, tools);
  return settled && madeSafe(settled);
}

/**
 * A connection of which only tools can be used whose definition is the one that their user knows; a call of another one
 * ends with an error of the tool. Without pins all tools can. What the server says of all that it lists is made safe to read.
 */
export function pinnedConnection(
  connection: Connection,
  place: PinPlace,
  pins: ToolPins | undefined,
): Connection {
  const tools: Connection['tools'] = async (signal) =>
    usableTools(await connection.tools(signal), place, pins);
  const lists: Pick<Connection, 'tools' | 'recentTools' | 'prompts' | 'resources' | 'templates'> = {
    tools,
    recentTools: async (signal) => usableTools(await connection.recentTools(signal), place, pins),
    prompts: async (signal) => safeList(await connection.prompts(signal)),
    resources: async (signal) => safeList(await connection.resources(signal)),
    templates: async (signal) => safeList(await connection.templates(signal)),
  };
  if (pins === undefined) return { ...connection, ...lists };
  const refusal = async (name: string, signal: AbortSignal): Promise<CallToolResult | undefined> => {
    const late = AbortSignal.any([signal, AbortSignal.timeout(definitionMs)]);
    const told = await connection.recentTools(late).catch(() => []);
    return (await pins.holds(place, name, told)) ? refused(name, place.server) : undefined;
  };
  return {
    ...connection,
    ...lists,
    call: async (name, input, signal, maxTokens) =>
      (await refusal(name, signal)) ?? (await connection.call(name, input, signal, maxTokens)),
    forward: async (method, params, caller) => {
      const no = method === 'tools/call' ? await refusal(String(params['name']), caller.signal) : undefined;
      // The result of a call of a tool, as the method says.
      return no === undefined ? await connection.forward(method, params, caller) : (no as never);
    },
  };
}

function refused(tool: string, server: string): CallToolResult {
  const text =
    `Tool "${tool}" of ${nameOf(server)} was changed since it was first used, and was not called. ` +
    `Its user can read how, and allow it, with \`/mcp accept ${server}\`.`;
  return { content: [{ type: 'text', text }], isError: true };
}
