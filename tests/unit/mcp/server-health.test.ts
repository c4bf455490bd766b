import { expect, test } from '@jest/globals';
import { McpFailure } from '../../../middleware/features/mcp/mcp-failure.ts';
import { ServerBreaker } from '../../../middleware/features/mcp/pool/server-breaker.ts';
import { poolLimits } from '../../../middleware/features/mcp/pool/pool-limits.ts';
import { ServerHealth } from '../../../middleware/features/mcp/pool/server-health.ts';

test('a server that found no place is no better than before: it was not asked [MCP-1] [MCP-5]', () => {
  let now = 0;
  const limits = { ...poolLimits, failures: 2, coolDownMs: 1_000 };
  const health = new ServerHealth({ name: 'one', breaker: new ServerBreaker({ limits, now: () => now }) });
  health.failed(new McpFailure('broken', 'it failed'));
  health.hadNoPlace(new McpFailure('unusable', 'no place'));
  expect(health.lastError).toBe('no place');
  health.failed(new McpFailure('broken', 'it failed again'));
  expect(health.isResting).toBe(true);
  now = 1_000;
  // A trial that came to nothing lets the next one try, and then it is left alone again at once.
  health.assertUsable();
  health.hadNoPlace(new McpFailure('unusable', 'no place'));
  health.assertUsable();
  health.failed(new McpFailure('broken', 'it failed again'));
  expect(() => {
    health.assertUsable();
  }).toThrow('left alone');
});
