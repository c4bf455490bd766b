import type { Client } from '../../kernel/exchange.ts';
import type { CallDecision } from '../../kernel/exchange-record.ts';
import type { Log } from '../../kernel/log.ts';
import type { Observer } from '../../kernel/outcome.ts';

/** One line for each model call that is over: what it was, where it went, how it ended. Nothing of what was said in it. */
export function createAccessLog(log: Log): Observer {
  const write = log.infoSoon?.bind(log) ?? log.info.bind(log);
  return {
    name: 'access-log',
    finished: (outcome) => {
      const { exchange, error, failure, usage, costUsd, timings, calls } = outcome;
      const { request, client } = exchange;
      write('exchange', {
        id: exchange.id,
        api: request.api,
        model: request.head.model,
        key: outcome.caller.name,
        client: nameOf(client),
        route: outcome.route,
        provider: outcome.provider,
        status: outcome.status,
        ending: outcome.ending,
        error: error?.code ?? (failure === undefined ? undefined : 'upstream_failed'),
        reason: failure?.message ?? error?.message,
        // Of what most exchanges have one or none, only more is told.
        modelCalls: calls.length > 1 ? calls.length : undefined,
        refusedCalls: refusedIn(outcome.decisions),
        bytesIn: exchange.record.bytesIn,
        bytesOut: outcome.bytesOut,
        upstreamMs: rounded(timings.upstreamMs),
        firstByteMs: rounded(timings.firstByteMs),
        totalMs: rounded(timings.totalMs),
        inputTokens: usage?.inputTokens,
        outputTokens: usage?.outputTokens,
        costUsd: costUsd === undefined ? undefined : Number(costUsd.toPrecision(6)),
      });
    },
  };
}

function rounded(ms: number | undefined): number | undefined {
  return ms === undefined ? undefined : Math.round(ms * 10) / 10;
}

function nameOf({ kind, version }: Client): string {
  return version === undefined ? kind : `${kind}/${version}`;
}

function refusedIn(decisions: readonly CallDecision[]): number | undefined {
  const { length } = decisions.filter(({ verdict }) => verdict === 'refused');
  return length > 0 ? length : undefined;
}
