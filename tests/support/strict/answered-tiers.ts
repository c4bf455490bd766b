import { startAnsweringServer, type AnsweringServer } from '../answering-server.ts';
import { sparePort } from '../spare-port.ts';
import { startMiddleware, type RunningMiddleware } from '../start-middleware.ts';
import { strictLitellmConfig } from './litellm-config.ts';

/** Both tiers, and the server that all providers of the strict configuration are called at: the test writes what they answer. */
export interface AnsweredTiers {
  readonly provider: AnsweringServer;
  readonly middleware: RunningMiddleware;
  readonly close: () => Promise<void>;
}

/** Resolves once LiteLLM, the real one, is ready. `settings`: further sections of its file. */
export async function startAnsweredTiers(settings = ''): Promise<AnsweredTiers> {
  const provider = await startAnsweringServer();
  const middleware = await startMiddleware({
    upstreamUrl: provider.url,
    litellmPort: await sparePort(),
    litellmConfig: strictLitellmConfig(provider.url) + settings,
  });
  await middleware.untilLitellmIs('ready');
  return {
    ...{ provider, middleware },
    close: async () => {
      await middleware.stop();
      await provider.close();
    },
  };
}
