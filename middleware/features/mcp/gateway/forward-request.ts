import {
  isInputRequiredResult,
  ProtocolError,
  ProtocolErrorCode,
  SERVER_INFO_META_KEY,
  type InputRequiredResult,
  type ResultTypeMap,
} from '@modelcontextprotocol/client';
import type { JsonObject } from '../../../kernel/json-object.ts';
import type { Abilities } from '../client/abilities.ts';
import type { CallerUnderWay } from '../client/callers-under-way.ts';
import type { ForwardedMethod, ListName } from '../connection.ts';
import type { Launch } from '../launch.ts';
import type { LogLevel } from '../client/log-levels.ts';
import type { McpPlace } from '../access/server-access.ts';
import type { McpServers } from '../mcp-servers.ts';
import { ServerTime, unlimitedMs } from '../questions/server-time.ts';
import { unlessAborted } from '../unless-aborted.ts';
import type { CallGuard } from './call-guard.ts';
import { namedQuestion, withNamedQuestions } from './named-question.ts';
import { isParked, type ParkedCalls, type ParkedStep } from './parked-calls.ts';
import { RunningCall, type WaitingRequest } from './running-call.ts';

/** Somebody who uses the servers of a place through us. */
export interface GatewayClient {
  /** The same for all requests of one client: nobody else goes on with its calls. */
  readonly id: string;
  /** Whose client it is: callers share bounds fairly. */
  readonly caller: string;
  /** Names the one program behind it, where its requests tell that: what a server asks goes to no other. */
  readonly session: string | undefined;
  /** What the caller is called in the log. */
  readonly name: string | undefined;
  readonly place: McpPlace;
  readonly abilities: Abilities;
  readonly guard: CallGuard;
  /** The same as they are configured by now; `undefined` where the client may have no project any more. */
  readonly now: () => Promise<Pick<GatewayClient, 'place' | 'guard'> | undefined>;
  /** Hears that a server which a list did not wait for has answered since. */
  readonly onLate: (what: ListName) => void;
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

/** A request on its way, for whom. */
export interface RequestParts {
  readonly running: RunningCall<unknown>;
  readonly request: GatewayRequest;
  readonly client: GatewayClient;
}

/** Where a request goes, and how it is said there. */
interface Target<Method extends ForwardedMethod, Result> {
  readonly server: string;
  /** In messages: `tool "search"`. */
  readonly what: string;
  readonly method: Method;
  readonly params: JsonObject;
  /** What is made of the result. */
  readonly finish: (result: ResultTypeMap[Method], launch: Launch) => Result | Promise<Result>;
}

/** Passes a request on to a server, whose questions go to the client. */
export async function forwardRequest<Method extends ForwardedMethod, Result>(
  { server, what, method, params, finish }: Target<Method, Result>,
  { running, request, client }: RequestParts,
  { use }: Pick<McpServers, 'use'>,
): Promise<GatewayResult<Result>> {
  const { abilities, session, place } = client;
  const hasAbilities = Object.keys(abilities).length > 0;
  return await use(
    {
      ...{ server, abilities, what },
      signal: running.signal,
      work: async (connection, signal, launch) => {
        const sent = { ...membersIn(request.params, method), ...retryOf(request), ...params };
        const time = new ServerTime(launch.callMs);
        const until = AbortSignal.any([signal, time.signal]);
        const ask: CallerUnderWay['ask'] = (question, asked) =>
          time.standStill(() => running.ask(namedQuestion(question, { server, what }), asked));
        const forwarded = connection.forward(method, sent, {
          // Without a session nothing tells whether two requests come from one program.
          ...{ client: session ?? running.id, abilities, logLevel: request.logLevel },
          ...{ signal: until, timeoutMs: unlimitedMs },
          // A resource is passed on whole.
          ...(method !== 'resources/read' && { maxTokens: launch.maxTokens }),
          ...(hasAbilities && { ask }),
          onProgress: request.onProgress && ((progress) => running.request.onProgress?.(progress)),
          onLog: (message) => {
            running.request.onLog(message);
          },
        });
        try {
          const result = await unlessAborted(until, forwarded);
          return isInputRequiredResult(result)
            ? withNamedQuestions(result, { server, what })
            : await finish(withoutServer(result), launch);
        } finally {
          time.end();
        }
      },
    },
    place,
  );
}

/** What a server is told of a request as its client sent it. We declare no tasks: `task` means nothing then. */
const passedMembers: Readonly<Record<ForwardedMethod, readonly string[]>> = {
  'tools/call': ['_meta'],
  'prompts/get': ['_meta', 'arguments'],
  'resources/read': ['_meta'],
  'completion/complete': ['_meta', 'argument', 'context'],
};

function membersIn(params: JsonObject, method: ForwardedMethod): JsonObject {
  const passed = passedMembers[method].filter((name) => params[name] !== undefined);
  return Object.fromEntries(passed.map((name) => [name, params[name]]));
}

/** What a client is connected to is us, and says so in each result. */
function withoutServer<Result extends { readonly _meta?: Readonly<Record<string, unknown>> | undefined }>(
  result: Result,
): Result {
  const { _meta } = result;
  if (_meta?.[SERVER_INFO_META_KEY] === undefined) return result;
  const others = Object.entries(_meta).filter(([key]) => key !== SERVER_INFO_META_KEY);
  return { ...result, _meta: Object.fromEntries(others) };
}

/** The answers to questions of a server of the newer protocol, which keeps nothing of a call that it asked about. */
function retryOf({ answers, state }: GatewayRequest): JsonObject {
  return {
    ...(answers !== undefined && { inputResponses: answers }),
    ...(state !== undefined && { requestState: state }),
  };
}

/**
 * Does what a request wants, or goes on with it where the request brings the answers to questions of a server that waits for
 * them. `name`: what the request is about, which stays the same.
 */
export async function runRequest<Result>(
  name: string,
  { request, client }: Omit<RequestParts, 'running'>,
  parked: ParkedCalls<unknown>,
  work: (parts: RequestParts) => Promise<GatewayResult<Result>>,
): Promise<GatewayResult<Result>> {
  const owner = { caller: client.caller, client: client.id, asked: name };
  if (!isParked(request.state)) {
    const running = new RunningCall<unknown>(request, (one) => work({ running: one, request, client }));
    return resultOf(await parked.start(owner, running));
  }
  const step = await parked.resume(request.state, owner, request, request.answers ?? {});
  if (step !== undefined) return resultOf(step);
  throw new ProtocolError(ProtocolErrorCode.InvalidParams, 'Invalid or expired requestState', {
    reason: 'invalid_request_state',
  });
}

/** The result is that of the work which was begun under the same name. */
function resultOf<Result>(step: ParkedStep<unknown>): GatewayResult<Result> {
  if (step.kind === 'done') return step.result as GatewayResult<Result>;
  return { resultType: 'input_required', inputRequests: { ...step.questions }, requestState: step.state };
}
