import { describe, expect, test } from '@jest/globals';
import { createLabelGuard } from '../../../middleware/platform/telemetry/label-guard.ts';
import type { McpFigures } from '../../../middleware/platform/telemetry/mcp-metrics.ts';
import { createMetrics } from '../../../middleware/platform/telemetry/metrics.ts';
import { quantilesOf } from '../../../middleware/platform/telemetry/quantiles.ts';

describe('metrics', () => {
  test('a request and its usage are counted under their labels, in text and as JSON [OBS-1]', async () => {
    const metrics = createMetrics();
    metrics.requestBegan();
    metrics.countRequest({
      labels: { route: 'litellm', api: 'responses', model: 'gpt-5', status: '200' },
      errorCode: 'stream_incomplete',
      totalMs: 40,
      firstByteMs: 20,
      upstreamMs: 19,
      bytesOut: 7,
    });
    metrics.countUsage({
      model: 'gpt-5',
      provider: 'openai',
      tokens: { input: 100, cached_input: 40, output: 10, reasoning: 0 },
      costUsd: 0.5,
    });
    metrics.setBreaker('litellm', 'open');
    metrics.setLitellmUp(true);
    const text = await metrics.text();
    for (const line of [
      'codex_plus_requests_total{route="litellm",api="responses",model="gpt-5",status="200"} 1',
      'codex_plus_errors_total{code="stream_incomplete"} 1',
      'codex_plus_request_duration_seconds_bucket{le="0.05",route="litellm"} 1',
      'codex_plus_first_byte_seconds_sum{route="litellm"} 0.02',
      'codex_plus_upstream_seconds_count{route="litellm"} 1',
      'codex_plus_answer_bytes_total{route="litellm"} 7',
      'codex_plus_tokens_total{model="gpt-5",provider="openai",direction="cached_input"} 40',
      'codex_plus_cost_usd_total{model="gpt-5",provider="openai"} 0.5',
      'codex_plus_active_requests 1',
      'codex_plus_breaker_state{upstream="litellm"} 2',
      'codex_plus_litellm_up 1',
    ]) {
      expect(text.split('\n')).toContain(line);
    }
    const { quantiles } = await metrics.snapshot();
    expect(quantiles['duration']?.p50).toBeGreaterThan(0.025);
    expect(quantiles['duration']?.p99).toBeLessThanOrEqual(0.05);
  });

  test('MCP servers are told as they are when somebody asks, by names that are bounded and hold no secret [OBS-1] [MCP-5]', async () => {
    const metrics = createMetrics();
    const server = { name: 'one', breaker: 'closed', failures: 0 } as const;
    let servers: readonly McpFigures['servers'][number][] = [server];
    metrics.watchMcpServers(() => ({ states: { idle: 0, running: servers.length }, servers }));
    metrics.countMcpCall('ok', 'one');
    metrics.countMcpCall('broken', 'my "two"');
    metrics.countMcpCall('broken', `ghp_${'a1B2'.repeat(9)}`);
    const text = (await metrics.text()).split('\n');
    for (const line of [
      'codex_plus_mcp_servers{state="running"} 1',
      'codex_plus_mcp_breaker_state{server="one"} 0',
      'codex_plus_mcp_failures{server="one"} 0',
      'codex_plus_mcp_calls_total{outcome="ok",server="one"} 1',
      'codex_plus_mcp_calls_total{outcome="broken",server="my__two_"} 1',
    ])
      expect(text).toContain(line);
    expect(text.join()).not.toContain('a1B2');
    const many = Array.from({ length: 200 }, (_, at) => ({ ...server, name: `server-${at}` }));
    servers = [
      { ...server, breaker: 'half-open', failures: 3 },
      { ...server, breaker: 'open', failures: 2 },
      ...many,
    ];
    const later = (await metrics.text()).split('\n');
    expect(later).toContain('codex_plus_mcp_servers{state="running"} 202');
    expect(later).toContain('codex_plus_mcp_breaker_state{server="one"} 2');
    expect(later).toContain('codex_plus_mcp_failures{server="one"} 3');
    expect(later).toContain('codex_plus_mcp_breaker_state{server="other"} 0');
    expect(later.filter((line) => line.startsWith('codex_plus_mcp_failures{'))).toHaveLength(99);
    servers = [];
    expect(await metrics.text()).not.toContain('codex_plus_mcp_breaker_state{');
  });

  test('a second set of metrics shares nothing with the first', async () => {
    const [first, second] = [createMetrics(), createMetrics()];
    first.requestBegan();
    expect(await second.text()).toContain('codex_plus_active_requests 0');
  });
});

describe('createLabelGuard', () => {
  test('the first names pass, later ones are counted as other; odd characters and endless names are tamed [OBS-1]', () => {
    const guard = createLabelGuard(2);
    expect([guard('gpt-5'), guard('a"b\n{}'), guard('third'), guard('gpt-5')]).toEqual([
      'gpt-5',
      'a_b___',
      'other',
      'gpt-5',
    ]);
    expect(createLabelGuard(1)('x'.repeat(500))).toHaveLength(100);
  });

  test('long names are bounded in number like any others [OBS-1]', () => {
    const guard = createLabelGuard(2);
    const labels = ['a', 'b', 'c', 'd', 'a'].map((first) => guard(`${first}${'x'.repeat(500)}`));
    expect(labels.map((label) => label.slice(0, 5))).toEqual(['axxxx', 'bxxxx', 'other', 'other', 'axxxx']);
  });
});

describe('quantilesOf', () => {
  const bucket = (
    le: number | string,
    value: number,
  ): { labels: { le: number | string }; value: number } => ({
    labels: { le },
    value,
  });

  test('lie on straight lines between the bounds; above the last bound they are that bound [OBS-1]', () => {
    expect(quantilesOf([bucket(1, 0), bucket(2, 100), bucket('+Inf', 100)])).toEqual({
      p50: 1.5,
      p95: 1.95,
      p99: 1.99,
    });
    expect(quantilesOf([bucket(1, 10), bucket('+Inf', 100)])).toEqual({ p50: 1, p95: 1, p99: 1 });
    expect(quantilesOf([])).toEqual({ p50: undefined, p95: undefined, p99: undefined });
  });
});
