import type { HealthReport } from '../routes/health.ts';
import type { OwnTool } from './own-tool.ts';

/** `status`: what `GET /health` tells, for a model that is asked how we are. */
export function statusTool(report: () => HealthReport): OwnTool {
  return {
    name: 'status',
    description: 'Tells how the Codex-Plus middleware, its LiteLLM tier and its providers are.',
    inputSchema: { type: 'object', properties: {}, additionalProperties: false },
    call: () => JSON.stringify(report().details),
  };
}
