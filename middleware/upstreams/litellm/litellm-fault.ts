import { isJsonObject, parseJson, parseJsonObject, type JsonObject } from '../../kernel/json-object.ts';
import { failureIn } from '../../protocol/apis/answer-failure.ts';
import { tellsContextLength } from '../../protocol/translation/tells-context-length.ts';

export type LitellmFaultCode =
  | 'context_length_exceeded'
  | 'insufficient_quota'
  | 'rate_limit_exceeded'
  | 'server_is_overloaded'
  | 'model_not_found'
  | 'invalid_request';

/** What LiteLLM says that went wrong, without its own words around it. */
export interface LitellmFault {
  readonly code: LitellmFaultCode;
  /** The provider's words. */
  readonly message: string;
}

/** Its own names of errors, and of the clients through which it calls. */
const ownWords = /^(?:litellm\.)?\w+(?:Error|Exception)(?: -|:)\s*/;
/** What it says behind, of its own configuration. */
const ownTail =
  /(?:\s*\n+\s*LiteLLM:|\.? Received Model Group=|\nmodel=|, LiteLLM Retried:|\n\n?Model: )[^]*$/;

/** Of LiteLLM itself, which no provider said. */
const ofLitellm = /Invalid model name passed in model=|No deployments available|crossed budget/;

/**
 * What an error of LiteLLM means to a client; `undefined` for one that it passed on as its provider said it, and for one
 * that says nothing which clients have a word for. Measured with LiteLLM 1.106 and 1.109.
 */
export function litellmFault(status: number, body: string): LitellmFault | undefined {
  const said = failureIn(body)?.message;
  if (said === undefined) return undefined;
  const message = providersWords(said);
  // What LiteLLM put no words around is the provider's own, and goes on as it is.
  if (message === said && !ofLitellm.test(said)) return undefined;
  const code = codeOf(status, said);
  return code === undefined ? undefined : { code, message };
}

function codeOf(status: number, said: string): LitellmFaultCode | undefined {
  if (said.includes('Invalid model name passed in model=')) return 'model_not_found';
  if (tellsContextLength(said)) return 'context_length_exceeded';
  if (/crossed budget|insufficient_quota|ExceededBudget/.test(said)) return 'insufficient_quota';
  if (status === 529 || /\boverloaded(?:_error)?\b/i.test(said)) return 'server_is_overloaded';
  if (status === 429) return 'rate_limit_exceeded';
  return status === 400 ? 'invalid_request' : undefined;
}

/** The innermost words: a provider's JSON often stands within LiteLLM's text. */
function providersWords(said: string): string {
  let text = said.replace(ownTail, '').trim();
  for (let before = ''; before !== text;) {
    before = text;
    text = text.replace(ownWords, '');
  }
  const inner = innerJson(text);
  return inner ?? text;
}

function innerJson(text: string): string | undefined {
  const [start, end] = [text.indexOf('{'), text.lastIndexOf('}')];
  if (start < 0 || end < start) return undefined;
  const json = text.slice(start, end + 1);
  const isPython = text.slice(0, start).endsWith("b'");
  const value = parseJsonObject(isPython ? fromPython(json) : json);
  return value === undefined ? undefined : messageIn(value);
}

/** The text of bytes as Python prints them. */
function fromPython(text: string): string {
  return text.replace(/\\(['\\])/g, '$1');
}

function messageIn(value: JsonObject): string | undefined {
  const error = isJsonObject(value['error']) ? value['error'] : value;
  const { message } = error;
  if (typeof message !== 'string') return undefined;
  // A provider behind a provider.
  const nested = parseJson(message);
  return (isJsonObject(nested) ? messageIn(nested) : undefined) ?? message;
}

/** The seconds that a provider asks to wait for in its words; Google says `retryDelay`. */
export function secondsToWait(body: string): number | undefined {
  const found =
    /(?:try again|retry) in (\d+(?:\.\d+)?) ?s/i.exec(body) ??
    /retryDelay[\\"': ]+(\d+(?:\.\d+)?)s/.exec(body);
  return found === null ? undefined : Math.ceil(Number(found[1]));
}
