import { isJsonObject } from '../../../middleware/kernel/json-object.ts';
import { objectsIn } from '../../../middleware/protocol/apis/common/read-event.ts';
import { findViolations } from '../fake-upstream/invariants.ts';
import { responses } from '../fake-upstream/shapes.ts';
import { framed } from '../framed.ts';
import { GivenSeals } from './given-seals.ts';
import type { StrictApi } from './strict-api.ts';

/** OpenAI's Responses API: of reasoning and compactions it takes back what it gave, and nothing of others. */
export function strictOpenai(): StrictApi {
  const seals = new GivenSeals((count) => `gAAAA${count}openai`);
  return {
    faultsOf: (body) => [
      ...findViolations(body),
      ...objectsIn(body['input'])
        .map(({ encrypted_content: content }) => content)
        .filter((content) => typeof content === 'string' && seals.thought(content) === undefined)
        .map((content) => `The encrypted content ${String(content).slice(0, 12)}... could not be verified.`),
    ],
    lossesOf: (body) => {
      const input = objectsIn(body['input']);
      const present = input.map(({ encrypted_content: content }) => content);
      const callIds = input.map(({ call_id: id }) => id);
      return seals
        .missing(callIds, present)
        .map((seal) => `the reasoning ${seal} did not come back with its call`);
    },
    refusal: (message) => ({
      error: { message, type: 'invalid_request_error', param: null, code: 'invalid_encrypted_content' },
    }),
    stream: (model, items, turn) => framed(responses.events(model, seals.sealed(items), turn)).join(''),
    json: (model, items, turn) => {
      const whole = responses.json(model, seals.sealed(items), turn);
      return isJsonObject(whole) ? whole : {};
    },
  };
}
