import { expect, test } from '@jest/globals';
import { litellmPython, runPython } from '../support/run-python.ts';
import { ofKeys, ofRequests } from '../support/told-403s.ts';

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
  const all = [...keys, ...requests];
  const rests = (await runPython(python, 'litellm-refusals.py', all)) as readonly boolean[];
  expect(all.filter((_, at) => rests[at])).toEqual(keys);
}, 120_000);
