import type { IncomingMessage, ServerResponse } from 'node:http';
import { unauthorized } from '../features/identity/unauthorized.ts';
import { asCodexPlusError, isOurs, type CodexPlusError } from '../kernel/errors.ts';
import type { Api, ApiRequest, Caller, Exchange } from '../kernel/exchange.ts';
import { ExchangeRecord, type ModelCall } from '../kernel/exchange-record.ts';
import { ExchangeState } from '../kernel/exchange-state.ts';
import type { RawHeaders } from '../kernel/headers.ts';
import type { Log } from '../kernel/log.ts';
import type { Observer, Outcome } from '../kernel/outcome.ts';
import type { Usage } from '../kernel/usage.ts';
import type { WalkResult } from '../pipeline/walk.ts';
import { clientOf } from '../protocol/codex/client.ts';
import { errorReply } from '../protocol/error-reply.ts';
import { turnOf } from '../protocol/codex/turn-of.ts';
import { runOwned } from '../platform/process/request-owner.ts';
import type { BodyShare } from './read/body-budget.ts';
import { ClientLeft, isClientLeft } from './read/client-left.ts';
import { readExchange } from './read/read-exchange.ts';
import type { BodyLimits } from './read/read-body.ts';
import { sendError } from './send-error.ts';
import { tellAnswered, tellFinished } from './tell-observers.ts';
import { untilEmpty } from './until-empty.ts';
import { writeReply } from './write/write-reply.ts';
import { clientLeftStatus, type Written } from './write/written.ts';

/** What the exchange lane is made of. */
export interface ExchangeLaneOptions {
  /** Whose request it is; `undefined` for a stranger, who gets nothing but an error. */
  readonly callerOf: (headers: RawHeaders) => Caller | undefined;
  /** Throws for a request that may not be made now, by whomever. */
  readonly admit?: (req: IncomingMessage, caller: Caller | undefined) => void;
  readonly bodies: BodyLimits;
  readonly keepaliveMs: number;
  readonly walk: (exchange: Exchange) => Promise<WalkResult>;
  readonly observers: readonly Observer[];
  /** Counts what is running. */
  readonly activity: { readonly requestBegan: () => void; readonly requestEnded: () => void };
  readonly log: Log;
}

/** What a model call is asked of, and the id that its client, its log lines and its error have in common. */
export interface CallTarget {
  readonly id: string;
  readonly api: Api;
  readonly path: string;
}

/** Serves one model call from the first byte of its body to the last byte of its answer. Never rejects. */
export interface ExchangeLane {
  (req: IncomingMessage, res: ServerResponse, target: CallTarget): Promise<void>;
  /** Ends all calls that run, each with this error. Resolves when they had the time for it. */
  readonly endAll: (fault: unknown) => Promise<void>;
  /** Resolves once no call runs any more, also of those whose client left, or the time for it is over. */
  readonly untilOver: (withinMs?: number) => Promise<void>;
}

/** A model call before its body was read. */
interface Call {
  readonly req: IncomingMessage;
  readonly res: ServerResponse;
  readonly path: string;
  readonly api: Api;
  readonly isStranger: boolean;
  readonly start: Omit<Exchange, 'request' | 'received'>;
  readonly share: BodyShare;
}

/** How long the parts of a call that was ended may take to end it themselves. */
const endWithinMs = 1_000;

const emptyBody = Buffer.alloc(0);

/** The lane of the model calls that this middleware owns: read, walk, write, observe. */
export function createExchangeLane(options: ExchangeLaneOptions): ExchangeLane {
  const running = new Set<(fault: unknown) => void>();
  const serve = (req: IncomingMessage, res: ServerResponse, { id, api, path }: CallTarget): Promise<void> => {
    options.activity.requestBegan();
    const controller = new AbortController();
    const end = (fault: unknown): void => {
      endCall({ req, res, id, controller }, fault);
    };
    running.add(end);
    res.once('close', () => {
      if (!res.writableFinished) controller.abort(new ClientLeft());
    });
    const caller = options.callerOf(req.rawHeaders);
    const start = startOf({ ...{ id, req, path, controller, caller }, log: options.log });
    const isStranger = caller === undefined;
    const call = { req, res, api, path, isStranger, start, share: options.bodies.shareOf() };
    // With its observers: what they leave running is this call's as well.
    return runOwned({ id, end }, async () => {
      const outcome = await outcomeOfCall(call, options);
      options.activity.requestEnded();
      tellFinished(outcome, options);
      running.delete(end);
    });
  };
  const endAll = async (fault: unknown): Promise<void> => {
    for (const end of running) end(fault);
    await untilEmpty(running, endWithinMs);
  };
  const untilOver = (withinMs = endWithinMs): Promise<void> => untilEmpty(running, withinMs);
  return Object.assign(serve, { endAll, untilOver });
}

interface Start {
  readonly id: string;
  readonly req: IncomingMessage;
  readonly path: string;
  readonly controller: AbortController;
  readonly caller: Caller | undefined;
  readonly log: Log;
}

function startOf({ id, req, path, controller, caller, log }: Start): Call['start'] {
  return {
    ...{ id, log },
    signal: controller.signal,
    startedAt: performance.now(),
    client: clientOf(req.rawHeaders),
    caller: caller ?? { kind: 'local' },
    turn: turnOf({ path, headers: req.rawHeaders }),
    state: new ExchangeState(),
    record: new ExchangeRecord(),
  };
}

/** The boundary of the lane: what nothing in it expected ends this call, and no other. */
async function outcomeOfCall(call: Call, options: ExchangeLaneOptions): Promise<Outcome> {
  try {
    const result = await readAndWalk(call, options);
    const { keepaliveMs } = options;
    const tell = tellAnswered(options);
    const onWhole =
      tell &&
      ((written: Written): void => {
        tell(() => outcomeOf(result, written));
      });
    const written = await writeReply(call.res, result.reply, result.exchange, { keepaliveMs, onWhole });
    await result.exchange.record.untilSettled();
    return outcomeOf(result, written);
  } catch (fault) {
    const { req, res, start } = call;
    const error = asCodexPlusError(fault);
    const hadBegun = res.headersSent;
    sendError(req, res, error, start.id);
    return faultOutcome(call, error, hadBegun);
  } finally {
    call.share.release();
  }
}

/**
 * Ends a call from outside of it. Its answer ends with the error where it is being written; a call that does not
 * get on at all is answered over its head.
 */
function endCall(
  call: Pick<Call, 'req' | 'res'> & { readonly id: string; readonly controller: AbortController },
  fault: unknown,
): void {
  const error = asCodexPlusError(fault);
  call.controller.abort(error);
  setTimeout(() => {
    if (!call.res.writableEnded) sendError(call.req, call.res, error, call.id);
  }, endWithinMs).unref();
}

async function readAndWalk(call: Call, options: ExchangeLaneOptions): Promise<WalkResult> {
  const { req, api, path, isStranger, start, share } = call;
  let request: ApiRequest;
  try {
    // Before the body: a stranger's would take the room of others.
    options.admit?.(req, isStranger ? undefined : start.caller);
    if (isStranger) throw unauthorized();
    request = await readExchange(req, api, path, { ...options.bodies, share });
  } catch (thrown) {
    // Before the answer: it may have to wait for the rest of the body.
    share.release();
    const error = asCodexPlusError(thrown);
    return {
      exchange: asReceived(call, unreadRequest(call)),
      reply: errorReply(error, { client: start.client, api, requestId: start.id }),
      answer: undefined,
      error,
      isRequestOver: true,
    };
  }
  start.record.bytesIn = request.raw.length;
  const result = await options.walk(asReceived(call, request));
  if (result.isRequestOver) share.release();
  return result;
}

function asReceived({ start }: Call, request: ApiRequest): Exchange {
  return { ...start, received: request, request };
}

/** Stands in the outcome for a request whose body was refused. */
function unreadRequest({ req, api, path }: Call): ApiRequest {
  return {
    api,
    path,
    headers: req.rawHeaders,
    raw: emptyBody,
    contentEncoding: undefined,
    json: emptyBody,
    head: { model: undefined, stream: false },
  };
}

function outcomeOf(result: WalkResult, written: Written): Outcome {
  const { exchange, answer } = result;
  const { startedAt } = exchange;
  const since = (at: number | undefined): number | undefined =>
    at === undefined ? undefined : at - startedAt;
  const usage = usageOf(written, exchange.record);
  // An answer that became an error was asked for all the same.
  const asked = answer ?? exchange.record.calls.findLast(({ purpose }) => purpose === 'answer');
  const hasLeft = written.status === clientLeftStatus && isClientLeft(result.error?.cause);
  return {
    exchange,
    caller: exchange.caller,
    ending: endingFor(written, result, asked),
    status: written.status,
    error: hasLeft ? undefined : (result.error ?? written.error),
    route: asked?.route,
    provider: asked?.provider,
    failure: written.failure,
    usage,
    costUsd: costOf(usage, exchange.record),
    calls: exchange.record.calls,
    decisions: exchange.record.decisions,
    bytesOut: written.bytesOut,
    timings: {
      upstreamMs: since(answer?.answeredAt),
      firstByteMs: since(written.firstByteAt),
      totalMs: performance.now() - startedAt,
    },
  };
}

/** What an upstream that keeps account was paid it tells also of rounds whose tokens nobody told. */
function costOf(
  usage: Usage | undefined,
  { isAccounted, answerCostUsd }: ExchangeRecord,
): number | undefined {
  return isAccounted ? answerCostUsd : (usage?.costUsd ?? answerCostUsd);
}

/** An answer that broke, or became an error, does not say itself what its rounds used. */
function usageOf(
  { ending, usage }: Written,
  { answerUsage, isAccounted }: ExchangeRecord,
): Usage | undefined {
  return ending === 'completed' && !isAccounted ? (usage ?? answerUsage) : (answerUsage ?? usage);
}

/** `asked`: what was answered to the last call of its model. */
function endingFor(
  { ending, failure }: Written,
  { answer, error }: WalkResult,
  asked: Pick<ModelCall, 'status'> | undefined,
): Outcome['ending'] {
  if (ending !== 'completed') return ending;
  if (asked === undefined) return 'local';
  // An error of the upstream that is told in other words is its answer as well.
  if (answer === undefined && asked.status >= 400) return 'completed';
  if (error !== undefined && isOurs(error)) return 'ended-here';
  // An answer that says itself that it failed was written to its end all the same, or became an error.
  return failure === undefined && answer !== undefined ? 'completed' : 'upstream-failed';
}

function faultOutcome(call: Call, error: CodexPlusError, hadBegun: boolean): Outcome {
  return {
    exchange: asReceived(call, unreadRequest(call)),
    caller: call.start.caller,
    ending: hadBegun ? 'ended-here' : 'local',
    status: call.res.statusCode,
    error,
    route: undefined,
    provider: undefined,
    usage: call.start.record.answerUsage,
    costUsd: call.start.record.answerCostUsd,
    calls: call.start.record.calls,
    decisions: call.start.record.decisions,
    bytesOut: 0,
    timings: {
      upstreamMs: undefined,
      firstByteMs: undefined,
      totalMs: performance.now() - call.start.startedAt,
    },
  };
}
