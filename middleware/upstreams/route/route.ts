import { CodexPlusError, wrongMember, type ErrorCode } from '../../kernel/errors.ts';
import type { Exchange } from '../../kernel/exchange.ts';
import type { Upstream, UpstreamAnswer } from '../../kernel/upstream.ts';
import { servedModel } from '../../protocol/app-server/served-models.ts';
import { classifyCredential } from '../../protocol/credential.ts';
import { requireKey } from './require-key.ts';
import { toldWithoutLitellm, type WithoutLitellm } from './without-litellm.ts';
import type { Breaker } from '../../kernel/breaker.ts';

interface RouteOptions extends WithoutLitellm {
  readonly litellm: Upstream;
  readonly breaker: Breaker;
  readonly provider: Upstream;
  /** Codex itself; `undefined` where it is not a model here. */
  readonly codex: () => Upstream | undefined;
  /** `undefined` when the ChatGPT route is switched off. */
  readonly chatgpt: Upstream | undefined;
  /**
   * The variable whose absence keeps LiteLLM and us from serving this model; `undefined` where nothing is known to
   * be missing.
   */
  readonly missingKey: (model: string) => string | undefined;
}

/**
 * Sends a model call where it belongs. Codex itself has names of its own; else the credential decides, never the model: a ChatGPT login goes to the ChatGPT backend
 * and nowhere else; everything else goes to LiteLLM, and while that is down to the provider itself.
 * An upstream is changed only while it has answered nothing.
 */
export function createRoute(options: RouteOptions): (exchange: Exchange) => Promise<UpstreamAnswer> {
  return async (exchange) => {
    const codex = options.codex();
    // Its names are ours, and no provider has them.
    if (codex !== undefined && servedModel(exchange.request.head.model ?? '') !== undefined)
      return codex.send(exchange);
    const credential = classifyCredential(exchange.request.headers);
    if (credential.kind === 'refused') {
      throw new CodexPlusError('credential_refused', credential.reason);
    }
    if (credential.kind !== 'chatgpt') return sendOrFallBack(exchange, options);
    if (options.chatgpt === undefined) {
      throw new CodexPlusError(
        'credential_refused',
        'this is a ChatGPT login, and the ChatGPT route is switched off (chatgpt.enabled in codex_plus.json)',
      );
    }
    return options.chatgpt.send(exchange);
  };
}

/** Of an answer that came, and is none for the client. */
const answered: ReadonlySet<ErrorCode> = new Set([
  'upstream_unreadable',
  'answer_too_large',
  'stream_incomplete',
  'provider_failed',
  'upstream_refused',
  'server_is_overloaded',
]);

async function sendOrFallBack(exchange: Exchange, options: RouteOptions): Promise<UpstreamAnswer> {
  const { litellm, breaker, isLitellmOff } = options;
  requireModel(exchange, options);
  if (!breaker.allows()) return fallBack(exchange, options, 'LiteLLM does not answer');
  try {
    const answer = await litellm.send(exchange);
    breaker.succeeded();
    return answer;
  } catch (error) {
    // The client left, or its request is at fault: that says nothing about LiteLLM.
    if (!(error instanceof CodexPlusError) || exchange.signal.aborted || error.status < 500) throw error;
    // What answered is there, whatever it said. It has the request, and asking elsewhere would pay twice.
    if (answered.has(error.code)) throw error;
    if (error.code !== 'upstream_not_ready') breaker.failed();
    // LiteLLM may still be at work on it.
    if (error.code === 'upstream_timeout') throw error;
    if (!isLitellmOff) {
      exchange.log.warn('litellm did not answer, trying the provider itself', { id: exchange.id, error });
    }
    return fallBack(exchange, options, error.message);
  }
}

function requireModel({ request }: Exchange, { missingKey }: RouteOptions): void {
  const { model = '' } = request.head;
  if (model === '') throw wrongMember('model', 'the request body names no model: add "model"');
  requireKey(model, missingKey);
}

async function fallBack(exchange: Exchange, options: RouteOptions, why: string): Promise<UpstreamAnswer> {
  try {
    return await options.provider.send(exchange);
  } catch (error) {
    const { head, path } = exchange.request;
    throw await toldWithoutLitellm(error, { model: head.model ?? '', path, why }, options);
  }
}
