import { composeMiddleware, type ComposedMiddleware } from './compose-middleware.ts';
import { startFakeUpstream, type FakeUpstream } from './fake-upstream/fake-upstream.ts';

export interface ComposedPair {
  readonly upstream: FakeUpstream;
  readonly middleware: ComposedMiddleware;
  readonly close: () => Promise<void>;
}

/** A middleware before an upstream that is both LiteLLM and the ChatGPT backend: what holds on every route is tried on either. */
export async function composeWithChatgpt(): Promise<ComposedPair> {
  const upstream = await startFakeUpstream();
  const middleware = await composeMiddleware(upstream.url, {
    CODEX_PLUS_CHATGPT_BASE_URL: `${upstream.url}/backend-api/codex`,
  });
  const close = async (): Promise<void> => {
    await middleware.close();
    await upstream.close();
  };
  return { upstream, middleware, close };
}
