import { isJsonObject, objectIn, parseJson, textMember, type JsonObject } from '../../kernel/json-object.ts';

/** Why a model's answer failed, as far as its upstream tells. */
export interface AnswerFailure {
  readonly message: string | undefined;
  /** `rate_limit_exceeded`, `overloaded_error`: the names differ from API to API. */
  readonly code: string | undefined;
}

/** The failure in the body of an error; `undefined` where it cannot be read: a page of a proxy, or a body that is encoded. */
export function failureIn(text: string): AnswerFailure | undefined {
  const value = parseJson(text);
  // Google's API for clients of OpenAI has its errors in a list.
  const body: unknown = Array.isArray(value) ? value[0] : value;
  return isJsonObject(body) ? failureOf(body) : undefined;
}

/** The failure in an answer that is no stream; `undefined` where it did not fail. */
export function failureOfAnswer(answer: JsonObject): AnswerFailure | undefined {
  return hasFailed(answer) ? failureOf(answer) : undefined;
}

/** Whether an answer says at its top level that it is none, in the words of any API. */
export function hasFailed({ error, type, status }: JsonObject): boolean {
  return (
    isJsonObject(error) ||
    (Array.isArray(error) && error.length > 0) ||
    (typeof error === 'string' && error !== '') ||
    type === 'error' ||
    status === 'failed'
  );
}

/** Whether the answer that a text is the JSON of has surely not failed: nothing is parsed for it. */
export function isSurelyFine(text: string): boolean {
  // V8 searches for the first letter, and for more than six letters in a slower way.
  return !text.includes('failed') && !text.includes('\\u') && isEachErrorNull(text);
}

/** OpenAI has an error that is null in every answer. */
function isEachErrorNull(text: string): boolean {
  for (let at = text.indexOf(errorStart); at >= 0; at = text.indexOf(errorStart, at + 1)) {
    const behind = at + errorStart.length;
    if (!text.startsWith('":null', behind) && !text.startsWith('": null', behind)) return false;
  }
  return true;
}

const errorStart = '"error';

/** Why an answer failed that says so beside each of its choices; `undefined` where one of them did not fail. */
export function errorOfChoices({ choices }: JsonObject): JsonObject | undefined {
  if (!Array.isArray(choices)) return undefined;
  const errors = choices.map(errorOfChoice);
  return errors.includes(undefined) ? undefined : errors[0];
}

/** Why one choice of an answer failed: beside it, where routers have it, or where LiteLLM keeps what it has no place for. */
export function errorOfChoice(choice: unknown): JsonObject | undefined {
  const { error, provider_specific_fields: kept } = objectIn(choice);
  const told = [error, objectIn(kept)['error']];
  const words = told.find((each) => typeof each === 'string' && each !== '');
  return told.find(isJsonObject) ?? (words === undefined ? undefined : { message: words });
}

/** The failure in an error, in an event that says that an answer failed, or in the failed answer itself, whatever the API. */
export function failureOf(told: JsonObject): AnswerFailure {
  const response = responseIn(told);
  const error = errorIn(told);
  return {
    message: textMember(error, 'message') ?? textMember(response, 'error') ?? textMember(response, 'detail'),
    code: textMember(error, 'code') ?? textMember(error, 'type'),
  };
}

/** Where its message, its code and its type stand: the `error` within it, or the event itself. */
export function errorIn(told: JsonObject): JsonObject {
  const response = responseIn(told);
  const errors = response['error'];
  const first: unknown = Array.isArray(errors) ? errors[0] : errors;
  return isJsonObject(first) ? first : response;
}

/** The same event, or error, with another error in it. */
export function withError(told: JsonObject, error: JsonObject): JsonObject {
  const { response } = told;
  if (isJsonObject(response)) return { ...told, response: withError(response, error) };
  return 'error' in told ? { ...told, error } : { ...told, ...error, type: told['type'] };
}

function responseIn(told: JsonObject): JsonObject {
  return isJsonObject(told['response']) ? told['response'] : told;
}
