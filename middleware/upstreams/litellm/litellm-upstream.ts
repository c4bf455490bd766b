import { codeOf, CodexPlusError } from '../../kernel/errors.ts';
import { headerValue, type RawHeaders } from '../../kernel/headers.ts';
import type { Upstream } from '../../kernel/upstream.ts';
import { hopByHopNames, requestHeadersForNextHop } from '../../protocol/hop-by-hop.ts';
import { requestIdHeaders } from '../../protocol/request-id-headers.ts';
import type { Transport, TransportAnswer, UpstreamCall } from '../transport/transport.ts';
import { litellmBody } from './litellm-body.ts';
import { tellMissingKey } from './tell-missing-key.ts';

/** Where LiteLLM is to be reached at this moment. */
export interface LitellmTarget {
  readonly url: string;
  readonly masterKey: string;
}

interface LitellmUpstreamOptions {
  /** Read once per request, so that a switch to another process lets running requests finish on the old one. */
  readonly target: () => LitellmTarget | undefined;
  /** Why there is no target, for the client. */
  readonly notReadyReason: () => string;
  readonly transport: Transport;
}

/** LiteLLM takes no encoded bodies, and knows us by the master key: the client's own credentials stay here. */
const notForLitellm = new Set([
  'authorization',
  'x-api-key',
  'x-litellm-api-key',
  'x-litellm-call-id',
  'chatgpt-account-id',
  'cookie',
  'content-encoding',
]);

const internalPrefixes = ['x-litellm-', 'x-ratelimit-'];
/** LiteLLM gives the provider's headers back under a name of its own. */
const renamedPrefix = 'llm_provider-';
/** Those that clients act on. */
const givenBack =
  /^(?:x-codex-.+|retry-after(?:-ms)?|x-should-retry|x-request-id|request-id|openai-(?!model$).+|anthropic-.+|x-ratelimit-.+)$/;

/** The LiteLLM tier: model calls go to it as they came, with the id of this exchange and our key for it. */
export function createLitellmUpstream(options: LitellmUpstreamOptions): Upstream {
  return {
    kind: 'litellm',
    send: async (exchange) => {
      const target = options.target();
      if (target === undefined) {
        throw new CodexPlusError('upstream_not_ready', options.notReadyReason(), { retryAfterSeconds: 5 });
      }
      const { request } = exchange;
      const called = await callOnceMore(options.transport, {
        method: 'POST',
        url: new URL(`${target.url}/v1${request.path}`),
        headers: [
          ...requestHeadersForNextHop(request.headers, notForLitellm),
          'authorization',
          `Bearer ${target.masterKey}`,
          'x-litellm-call-id',
          exchange.id,
        ],
        body: litellmBody(request.json),
        signal: exchange.signal,
      });
      const answer = await tellMissingKey(called, request.head.model);
      return {
        ...answer,
        headers: clientHeaders(answer.headers, requestIdHeaders(request.api, exchange.id)),
        route: 'litellm',
        provider: providerOf(answer.headers),
        costUsd: costOf(answer.headers),
        answeredAt: performance.now(),
      };
    },
  };
}

/** Codes of a connection that was there and closed before an answer came. */
const closedUnanswered = new Set(['UND_ERR_SOCKET', 'ECONNRESET', 'EPIPE']);

/**
 * A kept connection may be closed by LiteLLM in the moment in which a request goes out on it; a second try gets another one.
 * When LiteLLM itself is gone, the second try is refused at once.
 */
async function callOnceMore(transport: Transport, call: UpstreamCall): Promise<TransportAnswer> {
  try {
    return await transport.call(call);
  } catch (error) {
    const code = error instanceof CodexPlusError ? codeOf(error.cause) : undefined;
    if (call.signal.aborted || code === undefined || !closedUnanswered.has(code)) throw error;
    return transport.call(call);
  }
}

/**
 * Without LiteLLM's own headers; what the provider said to the client under its own name again. A provider that gave no
 * request id leaves the place to ours, which is the one in the logs of both tiers.
 */
export function clientHeaders(headers: RawHeaders, ids: RawHeaders): string[] {
  const dropped = hopByHopNames(headers);
  const kept: string[] = [];
  const renamed: string[] = [];
  for (let i = 0; i < headers.length; i += 2) {
    const name = headers[i] ?? '';
    const lower = name.toLowerCase();
    if (dropped.has(lower)) continue;
    if (lower.startsWith(renamedPrefix)) renamed.push(lower, headers[i + 1] ?? '');
    else if (!isInternal(lower)) kept.push(name, headers[i + 1] ?? '');
  }
  addUnderOwnName(renamed, kept);
  for (let i = 0; i < ids.length; i += 2) addIfMissing(kept, ids[i] ?? '', ids[i + 1] ?? '');
  return kept;
}

/** Adds the headers that LiteLLM renamed and that are not there under their own name. */
function addUnderOwnName(renamed: RawHeaders, kept: string[]): void {
  for (let i = 0; i < renamed.length; i += 2) {
    const original = (renamed[i] ?? '').slice(renamedPrefix.length);
    if (givenBack.test(original)) addIfMissing(kept, original, renamed[i + 1] ?? '');
  }
}

function addIfMissing(kept: string[], lowerName: string, value: string): void {
  if (headerValue(kept, lowerName) === undefined) kept.push(lowerName, value);
}

/**
 * `openai-model` goes as well: it names the provider's model, and Codex takes any other name than the one that it asked for
 * as a rerouting for safety reasons. Limits without LiteLLM's prefix may be those of its list of prices, which the provider
 * never told.
 */
function isInternal(lowerName: string): boolean {
  return internalPrefixes.some((prefix) => lowerName.startsWith(prefix)) || lowerName === 'openai-model';
}

/** The name of the provider that LiteLLM called; `undefined` where it does not tell. */
export function providerOf(headers: RawHeaders): string | undefined {
  const model = headerValue(headers, 'x-litellm-model-name');
  const slash = model?.indexOf('/') ?? -1;
  return slash > 0 ? model?.slice(0, slash) : undefined;
}

function costOf(headers: RawHeaders): number | undefined {
  const cost = Number(headerValue(headers, 'x-litellm-response-cost') ?? Number.NaN);
  return Number.isFinite(cost) && cost > 0 ? cost : undefined;
}
