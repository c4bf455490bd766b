import { isJsonObject, type JsonObject } from '../../../middleware/kernel/json-object.ts';
import { objectsIn } from '../../../middleware/protocol/apis/common/read-event.ts';
import { messages } from '../fake-upstream/shapes.ts';
import { framed } from '../framed.ts';
import { GivenSeals } from './given-seals.ts';
import { faultsOfMessages } from './messages-rules.ts';
import type { StrictApi } from './strict-api.ts';

/** Anthropic's Messages API: thoughts have to come back as they were, with the signature that they got here, by this name. */
export function strictClaude(name: string): StrictApi {
  const seals = new GivenSeals((count) =>
    Buffer.from(`signature ${count} of claude${name}`).toString('base64'),
  );
  const isSigned = ({ signature, thinking }: JsonObject): boolean => seals.thought(signature) === thinking;
  return {
    faultsOf: (body, model) =>
      faultsOfMessages(body, {
        thinksAdaptively: !model.endsWith('-4-5'),
        takesSystemTurns: !/-4-[0-7]\b/.test(model),
        isSigned,
      }),
    lossesOf: (body) =>
      objectsIn(body['messages']).flatMap(({ content }) => {
        const blocks = objectsIn(content);
        const signatures = blocks.map(({ signature }) => signature);
        const callIds = blocks.map(({ id }) => id);
        return seals
          .missing(callIds, signatures)
          .map((signature) => `the thought with ${signature} did not come back with its call`);
      }),
    refusal: (message) => ({
      type: 'error',
      error: { type: 'invalid_request_error', message },
      request_id: 'req_strict',
    }),
    stream: (model, items, turn) => framed(messages.events(model, seals.sealed(items), turn)).join(''),
    json: (model, items, turn) => {
      const whole = messages.json(model, seals.sealed(items), turn);
      return isJsonObject(whole) ? whole : {};
    },
  };
}
