import { expect, test } from '@jest/globals';
import { litellmPython, runPython } from '../support/run-python.ts';
import { ofKeys, ofRequests, openai } from '../support/told-403s.ts';

/** As LiteLLM tells a provider's 403 to its router. */
function toldByLitellm(refusals: typeof ofKeys): readonly string[] {
  const names = ['AnthropicException', 'PermissionDeniedError: OpenAIException'];
  return refusals.flatMap(([, said]) =>
    names.map((name) => `litellm.PermissionDeniedError: ${name} - ${JSON.stringify(said)}`),
  );
}

test('[RT-5] a deployment rests for those 403s alone that are told as being about its key', async () => {
  const python = await litellmPython();
  const [keys, requests] = [toldByLitellm(ofKeys), toldByLitellm(ofRequests)];
  const page = '<html><title>No permission for this key</title></html>';
  const quotes = toldByLitellm([
    ['somebody', openai('"my permission" is not text')],
    ['somebody', openai('{"code":"PERMISSION_DENIED"} is odd')],
  ]);
  const all = [
    ...keys,
    ...requests,
    ...quotes,
    page,
    `litellm.PermissionDeniedError: AnthropicException - ${page}`,
  ];
  const told = await refusalsOf(
    python,
    all.map((said) => [403, said]),
  );
  expect(all.filter((_, at) => told[at]?.[1])).toEqual(keys);
}, 120_000);

test('[RT-5] a deployment rests for a 400 that says that its key is wrong, and for no other', async () => {
  const xai = { code: 'Client specified an invalid argument', error: 'Incorrect API key provided: xa***y.' };
  const google = {
    code: 400,
    message: 'API key expired. Please renew the API key.',
    status: 'INVALID_ARGUMENT',
  };
  const wrongKeys = [
    `litellm.BadRequestError: XaiException - ${JSON.stringify(xai)}`,
    'litellm.BadRequestError: OpenAIException - Incorrect API key provided: xa***y. You can obtain one.',
    `litellm.BadRequestError: XaiException - {'error': 'Incorrect%20API%20key%20provided: xa***y.'}`,
    `litellm.BadRequestError: GeminiException BadRequestError - ${JSON.stringify({ error: google })}`,
    `litellm.BadRequestError: VertexException - ${JSON.stringify({ error: { details: [{ reason: 'API_KEY_INVALID' }] } })}`,
    `litellm.BadRequestError: OpenAIException - ${JSON.stringify(openai('No.', 'invalid_api_key'))}`,
    `litellm.BadRequestError: OpenAIException - Error code: 400 - {'error': {'message': 'No.', 'code': 'invalid_api_key'}}`,
    `litellm.APIError: GeminiException - b'${JSON.stringify([{ error: google }])}'`,
    `litellm.BadRequestError: OpenAIException - ${JSON.stringify(openai('Pay first.', 'insufficient_quota'))}`,
    `litellm.BadRequestError: OpenAIException - ${JSON.stringify(openai('Your credit balance is too low'))}`,
  ];
  const quoted = JSON.stringify({ message: 'API key not valid', code: 'invalid_api_key' });
  const printed = `{'message': "It's {'code': 'invalid_api_key', 'message': 'API key not valid'}", 'code': None}`;
  const used = '"You exceeded your current quota: insufficient_quota"';
  const others = [
    `litellm.BadRequestError: OpenAIException - Error code: 400 - {'error': ${printed}}`,
    `litellm.BadRequestError: OpenAIException - ${JSON.stringify(openai(`not valid: ${used}`))}`,
    `litellm.BadRequestError: OpenAIException - not valid: ${used}`,
    `litellm.BadRequestError: OpenAIException - ${JSON.stringify(openai(`not valid: ${quoted}`))}`,
    'litellm.BadRequestError: OpenAIException - the text "Incorrect API key provided" is too short',
    'litellm.BadRequestError: OpenAIException - prompt is too long',
  ];
  const all = [...wrongKeys, ...others];
  const told = await refusalsOf(
    await litellmPython(),
    all.map((said) => [400, said]),
  );
  expect(all.filter((_, at) => told[at]?.every((each) => each))).toEqual(wrongKeys);
  expect(all.filter((_, at) => told[at]?.[0])).toEqual(wrongKeys);
}, 120_000);

/** Of each error whether the other deployments are asked, and whether the one rests. */
async function refusalsOf(
  python: string,
  errors: readonly (readonly [status: number, said: string])[],
): Promise<readonly (readonly [isRefused: boolean, rests: boolean])[]> {
  return (await runPython(python, 'litellm-refusals.py', errors)) as readonly (readonly [boolean, boolean])[];
}
