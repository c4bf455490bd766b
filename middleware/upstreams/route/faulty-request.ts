import { CodexPlusError, wrongMember } from '../../kernel/errors.ts';
import type { Api, ApiRequest } from '../../kernel/exchange.ts';
import { objectIn, parseJsonObject, type JsonObject } from '../../kernel/json-object.ts';
import { failureIn } from '../../protocol/apis/answer-failure.ts';
import { codecOf } from '../../protocol/apis/codec-of.ts';
import { mayBeOfRequest } from '../../protocol/translation/faults/litellm-breaks.ts';
import { withoutLitellm } from '../../protocol/translation/faults/litellm-fault.ts';

/** LiteLLM's words for a request that it cannot write in the API of its provider, which it then does not ask. */
const notWritten =
  /^(?:Unable to convert openai tool calls=|Missing corresponding tool call for tool response message|Invalid Message passed in |Invalid \w{1,20} message at index \d|Invalid message content: )/;
const missing = /^\/[\w/]{1,100}: Missing required parameter: '(\w{1,64})'/;

/**
 * The fault of a request that went on as it came, where LiteLLM could not make anything of it: it says so as of a fault of a server's, which
 * clients would repeat, and in words of its own. `text`: the body of an error; `undefined` for any other. The request is not looked at before.
 */
export function faultOfRequest({ api, json }: ApiRequest, text: string): CodexPlusError | undefined {
  const said = withoutLitellm(failureIn(text)?.message ?? '');
  const [, member] = missing.exec(said) ?? [];
  const isNotWritten = notWritten.test(said);
  if (member === undefined && !isNotWritten && !mayBeOfRequest(said)) return undefined;
  const fault = faultIn(api, objectIn(parseJsonObject(json.toString())));
  if (fault !== undefined) return fault;
  if (member !== undefined) return wrongMember(member, `the request has no \`${member}\``);
  return isNotWritten
    ? new CodexPlusError('invalid_body', `the request cannot be written in the API of its provider: ${said}`)
    : undefined;
}

function faultIn(api: Api, body: JsonObject): CodexPlusError | undefined {
  try {
    codecOf(api).clientTranslation?.refuseFaulty?.(body);
    return undefined;
  } catch (error) {
    if (error instanceof CodexPlusError) return error;
    throw error;
  }
}
