import { isJsonObject, type JsonObject } from '../../../middleware/kernel/json-object.ts';
import { objectAt, objectsIn } from '../../../middleware/protocol/apis/common/read-event.ts';
import { responses } from '../fake-upstream/shapes.ts';
import { framed } from '../framed.ts';
import { GivenSeals } from './given-seals.ts';
import { faultsOfResponses } from './responses-rules.ts';
import { asFunctions, type StrictApi } from './strict-api.ts';

/** Others decide themselves how long to think. */
const takesEffort = /^grok-4\.[3-9]\b/;

/**
 * xAI's Responses API. Sources: its documentation, "Comparison with Chat Completions API" and "Troubleshooting Reasoning"; issues that
 * quote its errors, for tools that are no functions, an effort of a model that takes none, and what another provider encrypted. A
 * search of the web is refused here, since it would be live.
 */
export function strictXai(): StrictApi {
  const seals = new GivenSeals((count) => `Hfq+${count}xai`);
  return {
    faultsOf: (body) => [
      ...objectsIn(body['tools'])
        .filter(({ type }) => type !== 'function')
        .map(({ type }) => `tools: unknown variant \`${String(type)}\`, expected \`function\``),
      ...faultsOfResponses(body, true),
      ...('effort' in objectAt(body, 'reasoning') && !takesEffort.test(String(body['model']))
        ? [`Model ${String(body['model'])} does not support parameter reasoningEffort.`]
        : []),
      ...objectsIn(body['input'])
        .map(({ encrypted_content: content }) => content)
        .filter((content) => typeof content === 'string' && seals.thought(content) === undefined)
        .map(() => 'Could not decrypt the provided encrypted_content.'),
    ],
    lossesOf: (body) => {
      const input = objectsIn(body['input']);
      const present = input.map(({ encrypted_content: content }) => content);
      const callIds = input.map(({ call_id: id }) => id);
      return seals
        .missing(callIds, present)
        .map((seal) => `the reasoning ${seal} did not come back with its call`);
    },
    refusal: (message): JsonObject => ({ code: 'invalid-argument', error: message }),
    stream: (model, items, turn) =>
      framed(responses.events(model, seals.sealed(asFunctions(items)), turn)).join(''),
    json: (model, items, turn) => {
      const whole = responses.json(model, seals.sealed(asFunctions(items)), turn);
      return isJsonObject(whole) ? whole : {};
    },
  };
}
