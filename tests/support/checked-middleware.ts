import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { resolve } from 'node:path';
import type { TextTransform } from '../../middleware/features/hooks/scripts/text-transform.ts';
import { createExchangeLane } from '../../middleware/http/serve-exchange.ts';
import type { LogFields } from '../../middleware/kernel/log.ts';
import type { Outcome } from '../../middleware/kernel/outcome.ts';
import { createAnswerStepsFilter } from '../../middleware/pipeline/answer/answer-steps-filter.ts';
import { createToolCheckStep } from '../../middleware/pipeline/answer/steps/check-tool-calls.ts';
import { Sessions } from '../../middleware/features/sessions/sessions.ts';
import { createFollowAnswerStage } from '../../middleware/pipeline/request/follow-answer.ts';
import { createResolveApprovalStage } from '../../middleware/pipeline/request/resolve-approval.ts';
import { createRestoreHistoryStage } from '../../middleware/pipeline/request/restore-history.ts';
import type { CallChecks, CallRunner } from '../../middleware/pipeline/call-checks.ts';
import { createWalk } from '../../middleware/pipeline/walk.ts';
import { ownedApi, pathBelowRoot } from '../../middleware/protocol/api-path.ts';
import { createProviderUpstream } from '../../middleware/upstreams/provider/provider-upstream.ts';
import { LeftOutTools } from '../../middleware/upstreams/translated/left-out-tools.ts';
import { RefusedParts } from '../../middleware/upstreams/route/refused-parts.ts';
import { readLitellmModels } from '../../middleware/platform/config/litellm-config.ts';
import { createHttp1Transport } from '../../middleware/upstreams/transport/http1/http1-transport.ts';
import { collectedLog } from './collected-log.ts';
import { testNow } from './test-clock.ts';
import { bodyLimits } from './body-limits.ts';

/** A walk that checks tool calls, on a real socket, with a checker that the test writes. */
export interface CheckedMiddleware {
  readonly url: string;
  readonly port: number;
  readonly lines: readonly LogFields[];
  readonly outcomes: readonly Outcome[];
  /** What decides from here on; `undefined`: nothing concerns anybody. */
  readonly use: (checks: Omit<CallChecks, 'resolvePath'> | undefined) => void;
  /** What runs calls from here on. */
  readonly run: (tools: CallRunner | undefined) => void;
  /** What changes the texts of answers from here on, behind the checks. */
  readonly change: (transform: TextTransform | undefined) => void;
  readonly close: () => Promise<void>;
}

export const maxRounds = 4;
const limits = { maxEventBytes: 1_000_000, maxStreamBytes: 1_000_000_000, maxRounds };

/** Starts it before a provider of the model `m`; the folder of all clients is `/shop`. */
export async function startCheckedMiddleware(upstreamUrl: string): Promise<CheckedMiddleware> {
  const { log, lines } = collectedLog();
  const outcomes: Outcome[] = [];
  const transport = createHttp1Transport({ connectMs: 5_000, headersMs: 5_000, idleMs: 0 });
  const provider = {
    ...{ name: 'scripted', baseUrl: `${upstreamUrl}/v1`, apiKeyEnv: 'NONE', apiKey: 'sk-x' },
    auth: 'bearer',
    apis: ['responses', 'chat', 'messages'],
    models: { m: 'm' },
  } as const;
  const { send } = createProviderUpstream({
    ...{ providers: [provider], transport, limits },
    ...{ nowSeconds: () => 0, env: {}, refusedParts: new RefusedParts(testNow) },
    leftOutTools: new LeftOutTools(),
    litellmModels: () => Promise.resolve(readLitellmModels('')),
    lastKnown: () => Promise.resolve(undefined),
  });
  const sessions = new Sessions();
  let checks: CallChecks | undefined;
  let tools: CallRunner | undefined;
  let transform: TextTransform | undefined;
  const lane = createExchangeLane({
    bodies: bodyLimits(1_000_000, 10_000_000),
    keepaliveMs: 0,
    callerOf: () => ({ kind: 'local' }),
    walk: createWalk({
      stages: [
        createFollowAnswerStage(sessions),
        createResolveApprovalStage({
          ...{ sessions, projectOf: () => Promise.resolve(undefined) },
          catalog: { find: () => Promise.resolve({ kind: 'unknown' }) },
        }),
        createRestoreHistoryStage({
          sessions,
          askedQuestions: { known: () => Promise.resolve(() => false) },
        }),
      ],
      ...{ send, limits },
      filters: [
        createAnswerStepsFilter({
          ...{ sessions, send, limits },
          steps: [
            createToolCheckStep({ concerns: () => checks }),
            { name: 'run-tools', open: () => (tools === undefined ? undefined : { tools }) },
            {
              name: 'change-texts',
              open: () => (transform === undefined ? undefined : { texts: () => Promise.resolve(transform) }),
            },
          ],
        }),
      ],
    }),
    activity: { requestBegan: () => undefined, requestEnded: () => undefined },
    observers: [{ name: 'outcomes', finished: (outcome) => outcomes.push(outcome) }],
    log,
  });
  const server = createServer((req, res) => {
    const path = pathBelowRoot(req.url ?? '/');
    const api = ownedApi(path);
    if (api === undefined) res.writeHead(404).end();
    else void lane(req, res, { id: randomUUID(), api, path });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    port,
    url: `http://127.0.0.1:${port}`,
    lines,
    outcomes,
    use: (next) => {
      checks = next === undefined ? undefined : { ...next, resolvePath: (path) => resolve('/shop', path) };
    },
    run: (next) => {
      tools = next;
    },
    change: (next) => {
      transform = next;
    },
    close: async () => {
      server.closeAllConnections();
      server.close();
      await transport.close();
    },
  };
}
