import type { Log } from '../../kernel/log.ts';
import type { Observer } from '../../kernel/outcome.ts';

/** One line for each model call that is over: what it was, where it went, how it ended. Nothing of what was said in it. */
export function createAccessLog(log: Log): Observer {
  return {
    name: 'access-log',
    finished: ({ exchange, ending, status, error, failure, route, provider, usage, bytesOut, timings }) => {
      const { request, client } = exchange;
      log.info('exchange', {
        id: exchange.id,
        api: request.api,
        model: request.head.model,
        client: client.version === undefined ? client.kind : `${client.kind}/${client.version}`,
        route,
        provider,
        status,
        ending,
        error: error?.code ?? (failure === undefined ? undefined : 'upstream_failed'),
        reason: failure?.message ?? error?.message,
        bytesIn: request.raw.length,
        bytesOut,
        upstreamMs: rounded(timings.upstreamMs),
        firstByteMs: rounded(timings.firstByteMs),
        totalMs: rounded(timings.totalMs),
        inputTokens: usage?.inputTokens,
        outputTokens: usage?.outputTokens,
        costUsd: usage?.costUsd === undefined ? undefined : Number(usage.costUsd.toPrecision(6)),
      });
    },
  };
}

function rounded(ms: number | undefined): number | undefined {
  return ms === undefined ? undefined : Math.round(ms * 10) / 10;
}
