import { randomUUID } from 'node:crypto';
import {
  isInputRequiredResult,
  ProtocolError,
  type CallToolResult,
  type InputRequiredResult,
  type Tool,
} from '@modelcontextprotocol/client';
import { isJsonObject, type JsonObject } from '../../../kernel/json-object.ts';
import type { Log } from '../../../kernel/log.ts';
import type { Abilities } from '../client/abilities.ts';
import type { LogLevel } from '../client/log-levels.ts';
import { McpFailure } from '../mcp-failure.ts';
import type { CallOutcome, McpPlace, McpServers } from '../mcp-servers.ts';
import { boundedResult } from './bounded-result.ts';
import type { CallGuard, GuardedCall } from './call-guard.ts';
import { gatewayNames, splitName, type Named, type PrefixMode } from './gateway-names.ts';
import { isParked, ParkedCalls, type ParkedStep } from './parked-calls.ts';
import { RunningCall, type WaitingRequest } from './running-call.ts';
import { serverLists } from './server-lists.ts';

interface GatewayOptions {
  readonly servers: Pick<McpServers, 'use' | 'usable'>;
  readonly prefix: PrefixMode;
  /** Names of tools that are ours. */
  readonly reserved: ReadonlySet<string>;
  readonly log: Log;
  readonly now: () => number;
  /** Hears how each call ended. */
  readonly onCall: (outcome: CallOutcome) => void;
}

/** Somebody who uses the servers of a place through us. */
export interface GatewayClient {
  /** The same for all requests of one client: nobody else goes on with its calls. */
  readonly id: string;
  /** Names the one program behind it, where its requests tell that: what a server asks goes to no other. */
  readonly session: string | undefined;
  /** Whose client it is, for the log. */
  readonly name: string | undefined;
  readonly place: McpPlace;
  readonly abilities: Abilities;
  readonly guard: CallGuard;
  readonly onLate: (kind: string) => void;
}

/** A request of a client that is passed on to a server. */
export interface GatewayRequest extends WaitingRequest {
  /** As the client sent them, without what the protocol says of the request itself. */
  readonly params: JsonObject;
  readonly logLevel: LogLevel | undefined;
  /** Answers to questions that came as the result of the same request before, and the state that came with them. */
  readonly answers: Readonly<Record<string, unknown>> | undefined;
  readonly state: string | undefined;
}

/** What a client gets: a result, or questions that it sends the same request again with the answers to. */
export type GatewayResult<Result> = Result | InputRequiredResult;

/** The servers of others, as one server. */
export interface Gateway {
  readonly tools: (client: GatewayClient) => Promise<readonly Tool[]>;
  /** `undefined` where no server has a tool of that name. What goes wrong with a server is a result. */
  readonly callTool: (
    name: string,
    request: GatewayRequest,
    client: GatewayClient,
  ) => Promise<GatewayResult<CallToolResult> | undefined>;
  readonly close: () => void;
}

/** Of the calls that wait for an answer of their client. */
const maxParked = 256;
const answerMs = 600_000;
/** Clients give up on a server whose list takes longer than about ten seconds. */
const listMs = 5_000;

export function createGateway(options: GatewayOptions): Gateway {
  const parked = new ParkedCalls<GatewayResult<CallToolResult>>({ maxCalls: maxParked, waitMs: answerMs });
  const named = async (client: GatewayClient): Promise<readonly Named<Tool>[]> => {
    const offered = await serverLists('tools', client, { servers: options.servers, waitMs: listMs });
    return gatewayNames(offered, options);
  };
  return {
    tools: async (client) => {
      const all = await named(client);
      return all
        .filter(({ server, item }) => !client.guard.isDenied(server, item.name))
        .map(({ name, item }) => ({ ...item, name }));
    },
    callTool: async (name, request, client) => {
      const { place, id } = client;
      if (isParked(request.state)) {
        const owner = `${id} ${name}`;
        const step = await parked.resume(request.state, owner, request, request.answers ?? {});
        if (step === undefined)
          throw new ProtocolError(-32_602, 'Invalid or expired requestState', {
            reason: 'invalid_request_state',
          });
        return resultOf(step);
      }
      const found = await findNamed(name, place, options.prefix, () => named(client));
      if (found === undefined) return undefined;
      const call = {
        ...{ id: randomUUID(), server: found.server, tool: found.name },
        input: inputIn(request.params),
      };
      const running = new RunningCall<GatewayResult<CallToolResult>>(request, (one) =>
        guarded(call, { running: one, request, client }, options),
      );
      return resultOf(await parked.start(`${id} ${name}`, running));
    },
    close: () => {
      parked.close();
    },
  };
}

/** A name with its server before it is understood in every mode; with `always`, nobody need be asked for the others. */
async function findNamed(
  name: string,
  { project }: McpPlace,
  prefix: PrefixMode,
  all: () => Promise<readonly Named<{ readonly name: string }>[]>,
): Promise<{ readonly server: string; readonly name: string } | undefined> {
  const split = splitName(name, project.mcpServers.keys());
  if (prefix === 'always' && split !== undefined) return split;
  const found = (await all()).find((one) => one.name === name);
  return found === undefined ? split : { server: found.server, name: found.item.name };
}

function resultOf<Result>(step: ParkedStep<GatewayResult<Result>>): GatewayResult<Result> {
  if (step.kind === 'done') return step.result;
  return { resultType: 'input_required', inputRequests: { ...step.questions }, requestState: step.state };
}

function inputIn({ arguments: input }: JsonObject): JsonObject {
  return isJsonObject(input) ? input : {};
}

interface CallParts {
  readonly running: RunningCall<GatewayResult<CallToolResult>>;
  readonly request: GatewayRequest;
  readonly client: GatewayClient;
}

/** The whole of a call: what rules and hooks say before it, the call, what hooks say behind it; with its line in the log. */
async function guarded(
  call: GuardedCall,
  parts: CallParts,
  options: GatewayOptions,
): Promise<GatewayResult<CallToolResult>> {
  const { guard, name } = parts.client;
  const { signal } = parts.running;
  const { server, tool } = call;
  const decided = await guard.before(call, signal);
  if ('refused' in decided) return errorResult(decided.refused);
  const began = options.now();
  const tell = (outcome: CallOutcome | 'asked'): number => {
    const durationMs = Math.round(options.now() - began);
    options.log.info('a tool of an MCP server was called', {
      client: name,
      server,
      tool,
      outcome,
      ms: durationMs,
    });
    if (outcome !== 'asked') options.onCall(outcome);
    return durationMs;
  };
  const result = await answered(forwarded({ ...call, input: decided.input }, parts, options), tell);
  if (isInputRequiredResult(result.value)) return result.value;
  const { durationMs } = result;
  return await guard.after({ ...call, input: decided.input }, result.value, {
    durationMs,
    signal,
  });
}

interface Answered {
  readonly value: GatewayResult<CallToolResult>;
  readonly durationMs: number;
}

/** What goes wrong with a server is for the model to read; what the server answers with an error of the protocol is the client's. */
async function answered(
  result: Promise<GatewayResult<CallToolResult>>,
  tell: (outcome: CallOutcome | 'asked') => number,
): Promise<Answered> {
  try {
    const value = await result;
    const outcome = isInputRequiredResult(value) ? 'asked' : value.isError === true ? 'tool_error' : 'ok';
    return { value, durationMs: tell(outcome) };
  } catch (error) {
    const durationMs = tell(error instanceof McpFailure ? error.kind : 'tool_error');
    if (!(error instanceof McpFailure)) throw error;
    return { value: errorResult(error.message), durationMs };
  }
}

async function forwarded(
  { id, server, tool, input }: GuardedCall,
  { running, request, client }: CallParts,
  { servers }: GatewayOptions,
): Promise<GatewayResult<CallToolResult>> {
  const { abilities, session, place } = client;
  const hasAbilities = Object.keys(abilities).length > 0;
  return await servers.use(
    {
      ...{ server, abilities },
      what: `tool "${tool}"`,
      signal: running.signal,
      work: async (connection, signal, { maxTokens }) => {
        const params = { ...request.params, ...retryOf(request), name: tool, arguments: input };
        const result = await connection.forward('tools/call', params, {
          ...{ client: session ?? id, abilities, signal, logLevel: request.logLevel },
          ...(hasAbilities && { ask: (question, until) => running.ask(question, until) }),
          onProgress: request.onProgress && ((progress) => running.request.onProgress?.(progress)),
          onLog: (message) => {
            running.request.onLog(message);
          },
        });
        return isInputRequiredResult(result) ? result : boundedResult(result, maxTokens);
      },
    },
    place,
  );
}

/** The answers to questions of a server of the newer protocol, which keeps nothing of a call that it asked about. */
function retryOf({ answers, state }: GatewayRequest): JsonObject {
  return {
    ...(answers !== undefined && { inputResponses: answers }),
    ...(state !== undefined && { requestState: state }),
  };
}

function errorResult(text: string): CallToolResult {
  return { content: [{ type: 'text', text }], isError: true };
}
