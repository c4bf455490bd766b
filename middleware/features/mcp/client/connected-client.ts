import { randomUUID } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import {
  CLIENT_CAPABILITIES_META_KEY as capabilitiesKey,
  type Client,
  type RequestOptions,
  type Tool,
} from '@modelcontextprotocol/client';
import { isWithinDepth } from '../../../kernel/bounds/is-within-depth.ts';
import { isJsonObject, type JsonObject } from '../../../kernel/json-object.ts';
import type { Abilities } from './abilities.ts';
import { asTold } from './as-told.ts';
import type { CallersUnderWay, CallerUnderWay } from './callers-under-way.ts';
import type { Connection, Forwarding } from '../connection.ts';
import { McpFailure } from '../mcp-failure.ts';
import { unlessAborted } from '../unless-aborted.ts';
import type { Lists } from './create-lists.ts';
import { logLevelKey, severityOf } from './log-levels.ts';

interface ConnectedParts {
  /** Whether it is reached over HTTP, where the newer protocol puts some arguments into headers. */
  readonly isRemote: boolean;
  readonly client: Client;
  /** What the server may ask in a call of nobody who could be asked. */
  readonly unseenAbilities: Abilities;
  readonly callers: CallersUnderWay;
  readonly lists: Lists;
  /** How long an answer is waited for. */
  readonly callMs: number;
  /** Resolves when the connection is over. */
  readonly closed: Promise<unknown>;
}

/** As of what servers tell of their tools, and a few more for what stands around arguments. */
const maxDepth = 72;

/** What can be asked of a server, by a client that is connected to it. */
export function connectedClient({
  client,
  callers,
  lists,
  callMs,
  isRemote,
  closed,
  unseenAbilities,
}: ConnectedParts): Omit<Connection, 'hasSession' | 'isForgotten' | 'pid' | 'closed' | 'close'> {
  const era = client.getProtocolEra() ?? 'legacy';
  const capabilities = client.getServerCapabilities() ?? {};
  const within = (signal: AbortSignal): RequestOptions => ({ timeout: callMs, signal });
  const level = createLogLevel(client, within);
  return {
    ...{ era, capabilities, ...lists },
    instructions: client.getInstructions(),
    call: async (name, input, signal) => {
      refuseDeep(input);
      const params = { name, arguments: { ...input } };
      const sent = era === 'legacy' ? params : { ...params, _meta: { [capabilitiesKey]: unseenAbilities } };
      return await callers.during(unseenCaller(), () => asTold(client.callTool(sent, within(signal))));
    },
    forward: async (method, params, caller) => {
      refuseDeep(params);
      if (era === 'legacy') await level.lower(caller);
      const options = {
        ...within(caller.signal),
        ...(caller.timeoutMs !== undefined && { timeout: caller.timeoutMs }),
        allowInputRequired: true,
        ...(caller.onProgress !== undefined && { onprogress: caller.onProgress }),
      };
      const sent = era === 'legacy' ? { ...params } : withMeta(params, caller);
      return await callers.during(caller, async () => {
        if (method !== 'tools/call') return await asTold(client.request({ method, params: sent }, options));
        const called = { ...sent, name: String(params['name']) };
        const list = async (): Promise<readonly Tool[]> =>
          isRemote && era === 'modern' ? await lists.recentTools(caller.signal) : [];
        const toolDefinition = await definitionOf(called.name, list);
        // The type of the method's result: both say the same.
        return (await asTold(client.callTool(called, { ...options, toolDefinition }))) as never;
      });
    },
    watchResource:
      era === 'modern'
        ? async (uri, signal, onBegun) => {
            const stream = await asTold(client.listen({ resourceSubscriptions: [uri] }, within(signal)));
            onBegun();
            await Promise.race([stream.closed, closed]);
            // The end of the connection ends the stream first.
            if (await Promise.race([closed.then(() => true), nextTurn(false)])) throw connectionEnded();
          }
        : createSubscriptions(client, within, closed),
  };
}

/** Whoever asks is at fault, and not the server that could not be asked. */
function refuseDeep(params: JsonObject): void {
  if (!isWithinDepth(params, maxDepth))
    throw new McpFailure(
      'refused',
      `what an MCP server is asked may be nested ${maxDepth} levels deep at most`,
    );
}

/** A caller of its own whose user is not there: what its server asks is not for the others, and comes to nothing. */
function unseenCaller(): CallerUnderWay {
  return {
    ...{ client: randomUUID(), abilities: {}, logLevel: undefined, onLog: () => undefined },
    ask: ({ method }) =>
      method === 'elicitation/create'
        ? Promise.resolve({ action: 'cancel' })
        : Promise.reject(new Error('nobody is there who could be asked')),
  };
}

/** Subscriptions as an older server has them: one for all who want to hear of a resource over the connection. */
function createSubscriptions(
  client: Client,
  within: (signal: AbortSignal) => RequestOptions,
  closed: Promise<unknown>,
): Connection['watchResource'] {
  const watchers = new Map<string, number>();
  return async (uri, signal, onBegun) => {
    watchers.set(uri, (watchers.get(uri) ?? 0) + 1);
    try {
      await asTold(client.subscribeResource({ uri }, within(signal)));
      onBegun();
      await unlessAborted(signal, closed);
      throw connectionEnded();
    } finally {
      const left = (watchers.get(uri) ?? 1) - 1;
      watchers.set(uri, left);
      if (left === 0) {
        watchers.delete(uri);
        // Nobody waits for it: a server that goes on telling of it is not heard.
        client.unsubscribeResource({ uri }, { timeout: callMsOfLeave }).catch(() => undefined);
      }
    }
  };
}

/** That a connection ended while somebody watched says nothing good of a server, and is counted where it failed. */
function connectionEnded(): McpFailure {
  return new McpFailure('broken', 'the connection ended');
}

const callMsOfLeave = 5_000;

/** What the newer protocol says with each request: whom it is for, and what of it the server may use. */
function withMeta(params: JsonObject, { abilities, logLevel }: Forwarding): Record<string, unknown> {
  const meta = params['_meta'];
  return {
    ...params,
    _meta: {
      ...(isJsonObject(meta) && meta),
      [capabilitiesKey]: abilities,
      ...(logLevel !== undefined && { [logLevelKey]: logLevel }),
    },
  };
}

/** For the headers that a tool's arguments go into. Whether a result is as promised is for the client to see. */
async function definitionOf(name: string, list: () => Promise<readonly Tool[]>): Promise<Tool> {
  // A server that cannot list its tools may answer calls all the same.
  const tools = await list().catch(() => []);
  const tool: Tool = {
    ...(tools.find((one) => one.name === name) ?? {
      ...{ name, inputSchema: { type: 'object' as const } },
    }),
  };
  delete tool.outputSchema;
  return tool;
}

/** An older server has one level for all that it tells a connection: that of whoever wants to read most. */
function createLogLevel(
  client: Client,
  within: (signal: AbortSignal) => RequestOptions,
): { readonly lower: (caller: Pick<Forwarding, 'logLevel' | 'signal'>) => Promise<void> } {
  let known = severityOf(undefined);
  return {
    lower: async ({ logLevel, signal }) => {
      const wanted = severityOf(logLevel);
      if (client.getServerCapabilities()?.logging === undefined || wanted >= known) return;
      // A server that refuses it is called all the same, and asked again: what it logs is beside the call.
      await client.request({ method: 'logging/setLevel', params: { level: logLevel } }, within(signal)).then(
        () => {
          known = Math.min(known, wanted);
        },
        () => undefined,
      );
    },
  };
}
