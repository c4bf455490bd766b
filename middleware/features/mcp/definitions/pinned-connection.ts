import { ProtocolError, type CallToolResult, type Tool } from '@modelcontextprotocol/client';
import { visibleLine } from '../../../kernel/visible-text.ts';
import { nameOf } from '../failure-of.ts';
import { remembered } from '../../../kernel/bounds/remembered.ts';
import type { Connection } from '../connection.ts';
import { McpFailure, NoSuchTool } from '../mcp-failure.ts';
import { isTaskOnly } from './is-task-only.ts';
import { safeItems, safeTools } from './safe-definition.ts';
import type { PinPlace, ToolPins } from './tool-pins.ts';

/** How long a call waits for the list of tools where one was told before, which counts otherwise. */
const definitionMs = 5_000;

/** Of names and words of others in messages. */
const maxShown = 300;

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

interface PinnedParts {
  readonly place: PinPlace;
  /** `undefined`: definitions may change as they like. */
  readonly pins: ToolPins | undefined;
  /** The tools that the server told last, over whichever connection. */
  readonly known: () => readonly Tool[] | undefined;
}

/**
 * A connection of which only tools can be called that the server lists by exactly this name: rules, hooks and pins go by names, and a
 * server may take another spelling for the same tool, or have tools that it shows nobody. With pins, a tool also has
 * to have the definition that its user knows; a call of another one ends with an error of the tool. What the server
 * says of all that it lists is made safe to read.
 */
export function pinnedConnection(connection: Connection, { place, pins, known }: PinnedParts): Connection {
  const tools: Connection['tools'] = async (signal) =>
    usableTools(await connection.tools(signal), place, pins);
  const lists: Pick<Connection, 'tools' | 'recentTools' | 'prompts' | 'resources' | 'templates'> = {
    tools,
    recentTools: async (signal) => usableTools(await connection.recentTools(signal), place, pins),
    prompts: async (signal) => safeList(await connection.prompts(signal)),
    resources: async (signal) => safeList(await connection.resources(signal)),
    templates: async (signal) => safeList(await connection.templates(signal)),
  };
  const toldBy = async (list: Connection['tools'], signal: AbortSignal): Promise<readonly Tool[]> => {
    const before = known();
    if (before === undefined)
      return await list(signal).catch((error: unknown) => untold(error, place.server));
    // A server that fails to list its tools now may answer calls all the same.
    const late = AbortSignal.any([signal, AbortSignal.timeout(definitionMs)]);
    return await list(late).catch(() => before);
  };
  const refusal = async (name: string, signal: AbortSignal): Promise<CallToolResult | undefined> => {
    let told = await toldBy(connection.recentTools, signal);
    // It may have come with a change that was not told.
    if (!isAmong(told, name)) told = await toldBy(connection.tools, signal);
    if (await pins?.holds(place, name, told)) return refused(name, place.server);
    if (isAmong(told, name)) return undefined;
    signal.throwIfAborted();
    throw new NoSuchTool(`There is no tool ${shownName(name)} of ${nameOf(place.server)}`);
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

/** Whether a tool of this name can be called, by those who are shown these. */
function isAmong(told: readonly Tool[], name: string): boolean {
  return madeSafe(told).some((tool) => tool.name === name && !isTaskOnly(tool));
}

/** With what makes it another name: spaces at its ends, letters that are not seen. */
function shownName(name: string): string {
  return visibleLine(JSON.stringify(name.slice(0, maxShown)), 4 * maxShown);
}

function untold(error: unknown, server: string): never {
  if (!(error instanceof ProtocolError)) throw error;
  const said = visibleLine(error.message, maxShown);
  throw new McpFailure('refused', `${nameOf(server)} does not list its tools, so none is called: ${said}`);
}

function refused(tool: string, server: string): CallToolResult {
  const text =
    `Tool "${tool}" of ${nameOf(server)} was changed since it was first used, and was not called. ` +
    `Its user can read how, and allow it, with \`/mcp accept ${server}\`.`;
  return { content: [{ type: 'text', text }], isError: true };
}
