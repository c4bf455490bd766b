import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { asCodexPlusError } from '../kernel/errors.ts';
import type { Api, ApiRequest, Exchange } from '../kernel/exchange.ts';
import type { Log } from '../kernel/log.ts';
import type { Observer, Outcome } from '../kernel/outcome.ts';
import type { WalkResult } from '../pipeline/walk.ts';
import { clientOf } from '../protocol/client.ts';
import { errorReply } from '../protocol/error-reply.ts';
import { turnOf } from '../protocol/turn-of.ts';
import { readExchange } from './read-exchange.ts';
import { writeReply } from './write-reply.ts';
import type { Written } from './written.ts';

/** What the exchange lane is made of. */
export interface ExchangeLaneOptions {
  readonly maxBodyBytes: number;
  readonly keepaliveMs: number;
  readonly walk: (exchange: Exchange) => Promise<WalkResult>;
  readonly observers: readonly Observer[];
  /** Counts what is running. */
  readonly activity: { readonly requestBegan: () => void; readonly requestEnded: () => void };
  readonly log: Log;
}

/** Serves one model call from the first byte of its body to the last byte of its answer. Never rejects. */
export type ExchangeLane = (
  req: IncomingMessage,
  res: ServerResponse,
  api: Api,
  path: string,
) => Promise<void>;

const emptyBody = Buffer.alloc(0);

/** The lane of the model calls that this middleware owns: read, walk, write, observe. */
export function createExchangeLane(options: ExchangeLaneOptions): ExchangeLane {
  return async (req, res, api, path) => {
    options.activity.requestBegan();
    const controller = new AbortController();
    res.once('close', () => {
      if (!res.writableFinished) controller.abort(new Error('the client left'));
    });
    const start: Omit<Exchange, 'request'> = {
      id: randomUUID(),
      startedAt: performance.now(),
      signal: controller.signal,
      client: clientOf(req.rawHeaders),
      caller: { kind: 'local' },
      turn: turnOf(req.rawHeaders),
      log: options.log,
    };
    const result = await readAndWalk(req, start, api, path, options);
    const written = await writeReply(res, result.reply, result.exchange, options.keepaliveMs);
    options.activity.requestEnded();
    report(outcomeOf(result, written), options);
  };
}

async function readAndWalk(
  req: IncomingMessage,
  start: Omit<Exchange, 'request'>,
  api: Api,
  path: string,
  options: ExchangeLaneOptions,
): Promise<WalkResult> {
  let request: ApiRequest;
  try {
    request = await readExchange(req, api, path, options.maxBodyBytes);
  } catch (thrown) {
    const error = asCodexPlusError(thrown);
    return {
      exchange: { ...start, request: unreadRequest(req, api, path) },
      reply: errorReply(error, { client: start.client, api, requestId: start.id }),
      answer: undefined,
      error,
    };
  }
  return options.walk({ ...start, request });
}

/** Stands in the outcome for a request whose body was refused. */
function unreadRequest(req: IncomingMessage, api: Api, path: string): ApiRequest {
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
  const { exchange, answer, reply } = result;
  const { startedAt } = exchange;
  const since = (at: number | undefined): number | undefined =>
    at === undefined ? undefined : at - startedAt;
  return {
    exchange,
    ending: answer === undefined && written.ending === 'completed' ? 'local' : written.ending,
    status: reply.status,
    error: result.error ?? written.error,
    route: answer?.route,
    provider: answer?.provider,
    usage:
      written.usage === undefined
        ? undefined
        : { ...written.usage, costUsd: written.usage.costUsd ?? answer?.costUsd },
    bytesOut: written.bytesOut,
    timings: {
      upstreamMs: since(answer?.answeredAt),
      firstByteMs: since(written.firstByteAt),
      totalMs: performance.now() - startedAt,
    },
  };
}

function report(outcome: Outcome, options: ExchangeLaneOptions): void {
  for (const observer of options.observers) {
    try {
      observer.finished(outcome);
    } catch (error) {
      options.log.error('an observer failed', { observer: observer.name, id: outcome.exchange.id, error });
    }
  }
}
