import { CodexPlusError, wrongMember, type RefusalNames } from '../../kernel/errors.ts';
import { headerValue, withoutHeaders, type RawHeaders } from '../../kernel/headers.ts';
import { isJsonObject, objectIn, parseJsonObject, textMember } from '../../kernel/json-object.ts';
import { failureIn } from '../../protocol/apis/answer-failure.ts';
import { isErrorOf } from '../../protocol/error-reply.ts';
import { apiNamedIn, withoutQuery } from '../../protocol/api-path.ts';
import {
  providerFault,
  providersError,
  type LitellmFault,
} from '../../protocol/translation/faults/litellm-fault.ts';
import { clientHeaders, providerOf } from '../litellm/litellm-upstream.ts';
import { missingKeyIn } from '../litellm/tell-missing-key.ts';
import { noSuchModel } from './no-such-model.ts';
import { faultError, faultIn } from './told-errors.ts';
import { refusalIn, type ReadError, type TellOptions } from './told-refusals.ts';
import { uncountedIn } from './uncounted-tokens.ts';

/** A request that is no model call, as LiteLLM got it. */
export interface PassedCall {
  readonly method: string;
  /** Below the root of the API, with its query. */
  readonly path: string;
  /** Empty where it names none, or where nobody read it. */
  readonly model: string;
}

/** An error of LiteLLM as it came; `undefined` for a text that is too long, or encoded as nobody can read it. */
export interface PassedFailure {
  readonly status: number;
  readonly headers: RawHeaders;
  readonly text: string | undefined;
}

/** What a client gets of it. */
export interface ToldFailure {
  /** Told anew; `undefined` where the body goes on as it came. */
  readonly error: CodexPlusError | undefined;
  /** Of the body that goes on. */
  readonly headers: RawHeaders;
}

export type TellPassed = (call: PassedCall, failure: PassedFailure) => Promise<ToldFailure>;

/**
 * Tells errors of LiteLLM about requests that are no model calls, as those about model calls are told: in the form of the API that the path
 * belongs to, without LiteLLM's words. What it passed on as its provider said it goes on so.
 */
export function createPassedTeller(options: TellOptions): TellPassed {
  return async (call, { status, headers: given, text }) => {
    const headers = clientHeaders(given, []);
    if (text === undefined) return { error: undefined, headers };
    const provider = providerOf(given);
    const read = { status, headers, route: 'litellm', provider, model: call.model, text } as const;
    return { error: await errorIn(call, read, options), headers };
  };
}

async function errorIn(
  call: PassedCall,
  read: ReadError,
  options: TellOptions,
): Promise<CodexPlusError | undefined> {
  const { whoWasCalled, knownModels } = options;
  const { status, text, model } = read;
  const known =
    missingKeyIn(text, model) ??
    (await refusalIn(read, whoWasCalled)) ??
    uncountedIn(call, read) ??
    unserved(call, read) ??
    incomplete(read) ??
    (await unknownModel(call, read, knownModels));
  if (known !== undefined) return known;
  const fault = faultIn(text, status, false) ?? foreignFault(call, read);
  if (fault === undefined) return undefined;
  if (fault.code === 'model_not_found' && model === '') return namesNothing(call);
  return isOfRequest(fault, model) ? refusal(fault, read) : faultError(fault, read, options);
}

/** Where no model is called, what is not there is what the request names: a file, a batch. */
function isOfRequest({ code }: LitellmFault, model: string): boolean {
  return code === 'invalid_request' || (code === 'no_such_path' && model === '');
}

/** What says so is not the form of the API that the path belongs to, be it LiteLLM's or its provider's. */
function foreignFault({ path }: PassedCall, { status, text }: ReadError): LitellmFault | undefined {
  const body = parseJsonObject(text);
  const isOwn = body !== undefined && isErrorOf(apiNamedIn(path), body);
  if (isOwn) return undefined;
  const { message, code } = failureIn(text) ?? {};
  const said =
    message ??
    textMember(objectIn(body?.['detail']), 'error') ??
    `LiteLLM answered with the status ${status}`;
  return providerFault(status, said, code, text);
}

/** What FastAPI, by which LiteLLM is served, finds missing in a request. */
function incomplete({ text }: ReadError): CodexPlusError | undefined {
  const detail = parseJsonObject(text)?.['detail'];
  if (!Array.isArray(detail)) return undefined;
  const faults = detail.filter(isJsonObject).map(({ loc, msg }) => {
    const place = Array.isArray(loc) ? loc.slice(1).join('.') : '';
    return `${place}: ${typeof msg === 'string' ? msg : 'is not as it has to be'}`;
  });
  return new CodexPlusError('invalid_body', `the request is not as LiteLLM takes it: ${faults.join('; ')}`);
}

/** A refusal under the names that its provider gave it. LiteLLM gives the status as the code. */
function refusal({ message }: LitellmFault, { status, headers, text }: ReadError): CodexPlusError {
  // LiteLLM has of them no more than where it is wrong, at times.
  const param = textMember(objectIn(parseJsonObject(text)?.['error']), 'param');
  const inner = { param, ...providersError(failureIn(text)?.message ?? '') };
  const told = ['type', 'code', 'param'].flatMap((name) => {
    const value = textMember(inner, name);
    return value === undefined ? [] : [[name, value] as const];
  });
  const names: RefusalNames = { status: status < 500 ? status : 400, ...Object.fromEntries(told) };
  return new CodexPlusError('refused_by_provider', message, {
    names,
    headers: withoutHeaders(headers, ofTheBody),
  });
}

const ofTheBody = new Set(['content-type', 'content-length', 'content-encoding', 'x-should-retry']);

/** Its own words for a path that it does not have, and for what it cannot ask a provider for. */
const noRoute = new Set(['Not Found', 'Method Not Allowed']);
const notForProvider = /Unmapped LLM provider for this endpoint|Unsupported provider: \w/;
const forPremium = 'Only premium users can use this endpoint';

function unserved(call: PassedCall, { status, headers, text, model }: ReadError): CodexPlusError | undefined {
  const { message = '' } = failureIn(text) ?? {};
  const what = `${call.method} /v1${withoutQuery(call.path)}`;
  if (noRoute.has(message) && modelIn(call) === undefined) {
    const allow = headerValue(headers, 'allow');
    return new CodexPlusError('not_served', `LiteLLM, which this goes to, has no ${what}`, {
      names: { status },
      headers: allow === undefined ? [] : ['allow', allow],
    });
  }
  if (notForProvider.test(message))
    return new CodexPlusError('not_served', `LiteLLM cannot ask the provider of "${model}" for ${what}`);
  if (!message.startsWith(forPremium)) return undefined;
  return new CodexPlusError(
    'not_served',
    `LiteLLM has ${what} for those alone who have a licence of its maker`,
  );
}

async function unknownModel(
  call: PassedCall,
  { status }: ReadError,
  knownModels: TellOptions['knownModels'],
): Promise<CodexPlusError | undefined> {
  const model = modelIn(call);
  if (model === undefined || status !== 404) return undefined;
  return new CodexPlusError('model_not_found', noSuchModel(model, await knownModels()));
}

/** The model that a path asks about. */
function modelIn({ path }: PassedCall): string | undefined {
  const [, name] = /^\/models\/(.+)$/.exec(withoutQuery(path)) ?? [];
  return name;
}

/** LiteLLM looks for a model also where what is asked for has an id alone, which tells the model where LiteLLM gave it. */
function namesNothing({ method, path }: PassedCall): CodexPlusError {
  const [, , id, action] = withoutQuery(path).split('/');
  return id === undefined || (method === 'POST' && action === undefined)
    ? wrongMember('model', 'the request names no model: add "model"')
    : new CodexPlusError(
        'not_served',
        `nothing has the id "${id}" here: LiteLLM finds only what it gave the id itself`,
      );
}
