import { isJsonObject, type JsonObject } from '../../../kernel/json-object.ts';
import { fromPrintedDict } from './python-print.ts';

/** What LiteLLM says of an answer under a status of success that is none, with all of it behind `Got=` at times. Measured with 1.109. */
const words =
  /^[\w.: -]{0,200}Error converting to valid response block=(?:[^{}]{0,200}\bGot=(\{.*\})|.*)\. File an issue if litellm error\b|^litellm\.types\.[\w.]{1,200}\(\) argument after \*\* must be a mapping/s;

interface UnreadAnswer {
  /** Under which its provider should have sent it. */
  readonly status: number;
  /** What the provider sent, where LiteLLM tells it. */
  readonly answer: JsonObject | undefined;
}

/** What LiteLLM could not read, where its words are of that. */
export function unreadAnswer(said: string): UnreadAnswer | undefined {
  const found = words.exec(said);
  if (found === null) return undefined;
  const answer = found[1] === undefined ? undefined : fromPrintedDict(found[1]);
  const error = answer?.['error'];
  const code = isJsonObject(error) ? Number(error['code']) : 0;
  return { status: code >= 400 && code < 600 ? code : 500, answer };
}
