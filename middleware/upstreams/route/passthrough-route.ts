import type { IncomingMessage } from 'node:http';
import { CodexPlusError } from '../../kernel/errors.ts';
import type { RawHeaders } from '../../kernel/headers.ts';
import type { ChatgptConfig } from '../../platform/config/config.ts';
import { isPlainPath, pathBelowRoot } from '../../protocol/api-path.ts';
import { classifyCredential } from '../../protocol/credential.ts';
import { requestHeadersForNextHop } from '../../protocol/hop-by-hop.ts';
import { lastMember } from '../../protocol/json/json-members.ts';
import { chatgptRequestHeaders } from '../chatgpt/chatgpt-headers.ts';
import { chatgptTarget } from '../chatgpt/chatgpt-upstream.ts';
import { isCallersOwn } from '../litellm/callers-own.ts';
import { litellmBody } from '../litellm/litellm-body.ts';
import type { LitellmTarget } from '../litellm/litellm-upstream.ts';
import { notOfCodex, refuseCodex } from './codex-only.ts';
import { readableBodyFor, type Receivers } from './readable-history.ts';
import { requireKey } from './require-key.ts';
import type { PassedFailure, TellPassed, ToldFailure } from './told-passed.ts';
import { isCount } from './uncounted-tokens.ts';
import { toldWithoutLitellm, type WithoutLitellm } from './without-litellm.ts';

interface PassthroughRouteOptions extends WithoutLitellm {
  readonly litellm: () => LitellmTarget | undefined;
  readonly notReadyReason: () => string;
  readonly chatgpt: ChatgptConfig;
  /** Where a request that names a model goes while LiteLLM is not there. */
  readonly providerHop: (asked: AskedOfProvider) => Promise<ReadHop>;
  readonly missingKey: (model: string) => string | undefined;
  /** Takes the keys of this middleware out of a header list. */
  readonly withoutOurKeys: (headers: RawHeaders) => RawHeaders;
  /** Throws for a model that LiteLLM does not have. */
  readonly requireKnown: (model: string) => Promise<void>;
  /** Who may get a request for a model by LiteLLM; `undefined` for one that nobody knows. */
  readonly receiversOf: (model: string) => Promise<Receivers | undefined>;
  readonly tellPassed: TellPassed;
}

interface Hop {
  readonly url: URL;
  readonly headers: RawHeaders;
  readonly cleanBody?: (json: Buffer) => Buffer | Promise<Buffer>;
  readonly tellError?: (failure: PassedFailure) => Promise<ToldFailure>;
}

/** A request that is no model call, and names a model all the same: one that has its tokens counted, or embeddings. */
export interface AskedOfProvider {
  readonly model: string;
  /** Below the root of the API, with its query. */
  readonly path: string;
  readonly headers: RawHeaders;
  /** `undefined` where the query alone names the model. */
  readonly json: Buffer | undefined;
}

interface ReadHop {
  readonly url: URL;
  readonly headers: RawHeaders;
  readonly body: Buffer | undefined;
}

/** The model, which decides where it goes, may stand in the body: `undefined` for one that is no JSON object. */
interface HopByBody {
  readonly hopOf: (json: Buffer | undefined) => Promise<ReadHop>;
}

/**
 * The parts of LiteLLM's API that call models. Only with these does our key for LiteLLM go out: with the others, its
 * administration for example, a client has what its own key allows.
 */
const modelApi =
  /^\/(?:models|responses|chat|completions|messages|embeddings|images|audio|moderations|files|batches|rerank|vector_stores|realtime|fine_tuning|videos|containers|ocr)(?:[/?]|$)/;

const clientCredentials = new Set([
  ...['authorization', 'x-api-key', 'x-litellm-api-key', 'chatgpt-account-id', 'cookie'],
]);
/**
 * Cookies are those of an app that we share a host name with. An API has no use for them; LiteLLM's pages keep
 * their login in one.
 */
const appsOwn = new Set(['cookie']);
const nothingMore = new Set<string>();

/**
 * Where a request goes that no feature owns: with a ChatGPT login to the ChatGPT backend; otherwise to LiteLLM, and while
 * that is down to the provider of the model that it names, and to no other. Throws a CodexPlusError where it can go nowhere.
 */
export function createPassthroughRoute(
  options: PassthroughRouteOptions,
): (req: IncomingMessage) => Hop | HopByBody {
  return (req) => {
    const url = req.url ?? '/';
    if (!isPlainPath(url)) {
      throw new CodexPlusError(
        'invalid_path',
        'the path has dot segments, doubled slashes or encoded separators',
      );
    }
    const path = pathBelowRoot(url);
    const credential = classifyCredential(req.rawHeaders);
    if (credential.kind === 'refused') {
      throw new CodexPlusError('credential_refused', credential.reason);
    }
    if (credential.kind === 'chatgpt') return chatgptHop(req, path, options);
    const litellm = options.litellm();
    if (litellm !== undefined) return litellmHop(req, path, litellm, options);
    if (modelApi.test(path)) return { hopOf: (json) => providerHop(req, path, json, options) };
    if (options.isLitellmOff) throw notOfCodex({ method: req.method ?? 'GET', path });
    throw new CodexPlusError('upstream_not_ready', options.notReadyReason(), { retryAfterSeconds: 5 });
  };
}

function chatgptHop(req: IncomingMessage, path: string, { chatgpt }: PassthroughRouteOptions): Hop {
  if (!chatgpt.enabled) {
    throw new CodexPlusError(
      'credential_refused',
      'this is a ChatGPT login, and the ChatGPT route is switched off (chatgpt.enabled in codex_plus.json)',
    );
  }
  return { url: chatgptTarget(chatgpt, path), headers: chatgptRequestHeaders(req.rawHeaders) };
}

function litellmHop(
  req: IncomingMessage,
  path: string,
  litellm: LitellmTarget,
  {
    withoutOurKeys,
    requireKnown,
    receiversOf,
    missingKey,
    tellPassed,
    codexAsModel,
  }: PassthroughRouteOptions,
): Hop {
  if (!modelApi.test(path)) {
    const url = req.url ?? '/';
    const isApi = url.startsWith('/v1/');
    return {
      url: new URL(litellm.url + url),
      headers: requestHeadersForNextHop(withoutOurKeys(req.rawHeaders), isApi ? appsOwn : nothingMore),
    };
  }
  const { method = 'GET' } = req;
  let model = modelAsked(path, undefined);
  requireKey(model, missingKey);
  refuseCodex({ path, model }, codexAsModel);
  const isOwn = namesOfCaller(path);
  const cleaned = readableBodyFor(path);
  return {
    url: withoutOwnQuery(new URL(`${litellm.url}/v1${path}`), isOwn),
    cleanBody: async (json) => {
      model = modelAsked(path, json);
      // In the place of a key that is missing LiteLLM would give the address of the entry another one.
      requireKey(model, missingKey);
      refuseCodex({ path, model }, codexAsModel);
      // It counts by itself for a model that it does not have, as if it were another.
      if (isCount(path)) await requireKnown(model);
      return litellmBody(cleaned?.(json, await receiversOf(model)) ?? json, isOwn);
    },
    tellError: (failure) => tellPassed({ method, path, model }, failure),
    headers: [
      ...requestHeadersForNextHop(req.rawHeaders, clientCredentials),
      'authorization',
      `Bearer ${litellm.masterKey}`,
    ],
  };
}

/** The model that a request names, in its body or else in its query; empty where it names none. */
function modelAsked(path: string, json: Buffer | undefined): string {
  const member = json && lastMember(json, 'model');
  const inBody: unknown = member && JSON.parse(json.toString('utf8', member.valueStart, member.valueEnd));
  if (typeof inBody === 'string') return inBody;
  const at = path.indexOf('?');
  return at < 0 ? '' : (new URLSearchParams(path.slice(at)).get('model') ?? '');
}

/** LiteLLM is told by it which provider keeps a file, a batch or the like, and asks for it nowhere else. */
const keptByProvider = /^\/(?:responses|files|batches|vector_stores|fine_tuning|videos|containers)(?:[/?]|$)/;

function namesOfCaller(path: string): (name: string) => boolean {
  const saysWhose = keptByProvider.test(path);
  return (name) => isCallersOwn(name) && !(saysWhose && name === 'custom_llm_provider');
}

/** LiteLLM takes what stands in a query for members of the body. The text stays as it is where nothing is taken out. */
function withoutOwnQuery(url: URL, isOwn: (name: string) => boolean): URL {
  for (const name of [...url.searchParams.keys()].filter(isOwn)) url.searchParams.delete(name);
  return url;
}

async function providerHop(
  req: IncomingMessage,
  path: string,
  json: Buffer | undefined,
  options: PassthroughRouteOptions,
): Promise<ReadHop> {
  const model = modelAsked(path, json);
  const why = options.notReadyReason();
  refuseCodex({ path, model }, options.codexAsModel);
  if (options.codexAsModel.isAlone && (model === '' || req.method !== 'POST'))
    throw notOfCodex({ method: req.method ?? 'GET', path });
  if (model === '') throw namesNoModel(why, options.isLitellmOff);
  requireKey(model, options.missingKey);
  try {
    return await options.providerHop({ model, path, headers: req.rawHeaders, json });
  } catch (error) {
    throw await toldWithoutLitellm(error, { model, path, why }, options);
  }
}

/** Whose it is nobody knows then: a provider would get what was said to another. */
function namesNoModel(why: string, isLitellmOff: boolean): CodexPlusError {
  const needs =
    'without LiteLLM only what names a model, in a JSON body or as "model" in the query, goes on, to the provider of the model';
  return isLitellmOff
    ? new CodexPlusError('model_not_found', needs)
    : new CodexPlusError('upstream_not_ready', `${why}; ${needs}`, { retryAfterSeconds: 5 });
}
