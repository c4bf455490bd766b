import type { Ending, Observer } from '../../kernel/outcome.ts';
import type { Metrics } from '../../platform/telemetry/metrics.ts';
import { usageFigures } from './usage-figures.ts';

const endingCodes: Partial<Record<Ending, string>> = {
  'client-left': 'client_left',
  'upstream-failed': 'upstream_failed',
};

/** Counts every model call that is over, and what it used. */
export function createExchangeMetrics(metrics: Metrics): Observer {
  return {
    name: 'exchange-metrics',
    finished: (outcome) => {
      const { exchange, status, error, ending, route = 'none', provider, bytesOut, timings } = outcome;
      const { api, head } = exchange.request;
      const model = head.model ?? 'none';
      metrics.countRequest({
        labels: { route, api, model, status: String(status) },
        errorCode: error?.code ?? endingCodes[ending],
        ...timings,
        bytesOut,
      });
      metrics.countUsage(usageFigures(model, provider, outcome));
    },
  };
}
