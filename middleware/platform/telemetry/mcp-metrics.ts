import { Counter, Gauge, type Registry } from 'prom-client';
import type { BreakerState } from '../../kernel/breaker.ts';
import { createLabelGuard } from './label-guard.ts';
import { breakerValues, prefix } from './metric-values.ts';
import { redact } from './redact.ts';

/** How MCP servers are now. */
export interface McpFigures {
  /** How many are in which state. */
  readonly states: Readonly<Record<string, number>>;
  /** Several may have one name. */
  readonly servers: readonly {
    readonly name: string;
    readonly breaker: BreakerState;
    /** In a row. */
    readonly failures: number;
  }[];
}

export interface McpMetrics {
  /** How a call of a tool of an MCP server ended: `ok`, `tool_error`, `timed-out` … */
  readonly countMcpCall: (outcome: string, server: string) => void;
  /** Where to look how MCP servers are, whenever somebody asks for the metrics. */
  readonly watchMcpServers: (look: () => McpFigures) => void;
}

/** Projects name their servers; more than this many different names are counted as one. */
const maxServers = 100;

const nothing: McpFigures = { states: {}, servers: [] };

/** What is counted of MCP servers. */
export function createMcpMetrics(registry: Registry): McpMetrics {
  const registers = [registry];
  const guard = createLabelGuard(maxServers);
  // Whoever names a server may write anything.
  const labelOf = (server: string): string => guard(redact(server));
  let look = (): McpFigures => nothing;
  const calls = new Counter({
    name: `${prefix}mcp_calls_total`,
    help: 'Calls of tools of MCP servers by how they ended',
    ...{ labelNames: ['outcome', 'server'] as const, registers },
  });
  const gauge = <L extends string>(
    name: string,
    help: string,
    { label, values }: { readonly label: L; readonly values: () => ReadonlyMap<string, number> },
  ): Gauge<L> =>
    new Gauge({
      ...{ name: prefix + name, help, labelNames: [label], registers },
      collect() {
        this.reset();
        for (const [named, value] of values()) this.labels(named).set(value);
      },
    });
  const worst = (valueOf: (server: McpFigures['servers'][number]) => number) => () => {
    const values = new Map<string, number>();
    for (const server of look().servers) {
      const label = labelOf(server.name);
      values.set(label, Math.max(values.get(label) ?? 0, valueOf(server)));
    }
    return values;
  };
  gauge('mcp_servers', 'MCP servers that were used, each once, by their state now', {
    label: 'state',
    values: () => new Map(Object.entries(look().states)),
  });
  gauge('mcp_breaker_state', 'Circuit breaker of an MCP server: 0 closed, 1 half-open, 2 open', {
    label: 'server',
    values: worst(({ breaker }) => breakerValues[breaker]),
  });
  gauge('mcp_failures', 'How often an MCP server failed in a row, until now', {
    label: 'server',
    values: worst(({ failures }) => failures),
  });
  return {
    countMcpCall: (outcome, server) => {
      calls.inc({ outcome, server: labelOf(server) });
    },
    watchMcpServers: (given) => {
      look = given;
    },
  };
}
