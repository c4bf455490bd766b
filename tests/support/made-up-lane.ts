import { createCors } from '../../middleware/http/cors.ts';
import { createExchangeLane, type ExchangeLaneOptions } from '../../middleware/http/serve-exchange.ts';
import { createRequestHandler } from '../../middleware/http/request-handler.ts';
import { createHttpServer, type HttpServer } from '../../middleware/http/server.ts';
import type { AnswerFilter } from '../../middleware/kernel/answer-filter.ts';
import type { ByteStream } from '../../middleware/kernel/byte-stream.ts';
import type { Observer, Outcome } from '../../middleware/kernel/outcome.ts';
import type { RequestStage } from '../../middleware/kernel/stage.ts';
import type { UpstreamAnswer } from '../../middleware/kernel/upstream.ts';
import { createWalk } from '../../middleware/pipeline/walk.ts';
import { PushStream } from '../../middleware/upstreams/transport/push-stream.ts';
import { collectedLog } from './collected-log.ts';
import { callRaw, type RawAnswer } from './raw-client.ts';
import { bodyLimits } from './body-limits.ts';

export interface LaneParts {
  readonly stages?: readonly RequestStage[];
  readonly filters?: readonly AnswerFilter[];
  readonly observers?: readonly Observer[];
  readonly send?: (signal: AbortSignal) => Promise<UpstreamAnswer>;
  readonly activity?: ExchangeLaneOptions['activity'];
}

const limits = { maxEventBytes: 1_000_000, maxStreamBytes: 10_000_000 };

/** A lane of made-up parts behind a real server. */
export async function startLane({
  stages = [],
  filters = [],
  observers = [],
  send = answersStream,
  activity,
}: LaneParts): Promise<{
  call: (path?: string) => Promise<RawAnswer>;
  port: number;
  outcomes: Outcome[];
  running: () => number;
  close: () => Promise<void>;
  lines: ReturnType<typeof collectedLog>['lines'];
}> {
  const { log, lines } = collectedLog();
  const outcomes: Outcome[] = [];
  let running = 0;
  const exchange = createExchangeLane({
    ...{ bodies: bodyLimits(1_000, 10_000), keepaliveMs: 0, log },
    callerOf: () => ({ kind: 'local' }),
    walk: createWalk({ stages, filters, limits, send: ({ signal }) => send(signal) }),
    observers: [...observers, { name: 'last', finished: (outcome) => outcomes.push(outcome) }],
    activity: activity ?? { requestBegan: () => (running += 1), requestEnded: () => (running -= 1) },
  });
  const server: HttpServer = createHttpServer(
    createRequestHandler({
      onDrain: () => undefined,
      ...{ exchange, log, guard: () => undefined, cors: createCors([]) },
      app: (_req, res) => res.end(),
      passthrough: { serve: () => Promise.resolve(), upgrade: () => Promise.resolve() },
    }),
    500,
  );
  const { port } = await server.listen('127.0.0.1', 0);
  const call = (path = '/v1/chat/completions'): Promise<RawAnswer> => callRaw(port, { path, body });
  return { call, port, outcomes, lines, running: () => running, close: () => server.drain(0) };
}

export const body = '{"model":"m","stream":true,"messages":[{"role":"user","content":"hi"}]}';
export const chunk = 'data: {"choices":[{"index":0,"delta":{"content":"hi"}}]}\n\n';
export const done = 'data: [DONE]\n\n';

export function answered(stream: ByteStream, more: Partial<UpstreamAnswer> = {}): UpstreamAnswer {
  return {
    ...{ status: 200, statusMessage: 'OK', headers: ['content-type', 'text/event-stream'], body: stream },
    ...{ route: 'litellm', provider: undefined, costUsd: undefined, answeredAt: performance.now() },
    ...more,
  };
}

export function streamOf(...pieces: readonly string[]): PushStream {
  const stream = new PushStream({ pause: () => undefined, resume: () => undefined, cancel: () => undefined });
  for (const piece of pieces) stream.push(Buffer.from(piece));
  return stream;
}

function answersStream(): Promise<UpstreamAnswer> {
  const stream = streamOf(chunk, done);
  stream.finish();
  return Promise.resolve(answered(stream));
}
