import { isJsonObject } from '../../../middleware/kernel/json-object.ts';
import { objectsIn } from '../../../middleware/protocol/apis/common/read-event.ts';
import { findViolations } from '../fake-upstream/invariants.ts';
import { responses } from '../fake-upstream/shapes.ts';
import type { Item } from '../fake-upstream/step.ts';
import type { StrictApi } from './strict-api.ts';

/** OpenAI's Responses API: of reasoning and compactions it takes back what it gave, and nothing of others. */
export function strictOpenai(): StrictApi {
  const seals = new Set<string>();
  /** The seal of the reasoning before a call, by the call. */
  const sealsOfCalls = new Map<string, string>();
  const sealed = (items: readonly Item[]): readonly Item[] => {
    let last: string | undefined;
    return items.map((item) => {
      if (item.kind === 'reasoning') {
        last = `gAAAA${seals.size}openai`;
        seals.add(last);
        return { ...item, seal: last };
      }
      if (item.kind !== 'text' && last !== undefined) sealsOfCalls.set(item.callId, last);
      return item;
    });
  };
  return {
    faultsOf: (body) => [
      ...findViolations(body),
      ...objectsIn(body['input'])
        .map(({ encrypted_content: content }) => content)
        .filter((content) => typeof content === 'string' && !seals.has(content))
        .map((content) => `The encrypted content ${String(content).slice(0, 12)}... could not be verified.`),
    ],
    lossesOf: (body) => {
      const input = objectsIn(body['input']);
      const present = input.map(({ encrypted_content: content }) => content);
      return input
        .map(({ call_id: id }) => sealsOfCalls.get(String(id)))
        .filter((seal) => seal !== undefined && !present.includes(seal))
        .map((seal) => `the reasoning ${String(seal)} did not come back with its call`);
    },
    refusal: (message) => ({
      error: { message, type: 'invalid_request_error', param: null, code: 'invalid_encrypted_content' },
    }),
    stream: (model, items, turn) =>
      responses
        .events(model, sealed(items), turn)
        .map(([event, data]) => `event: ${event ?? ''}\ndata: ${data}\n\n`)
        .join(''),
    json: (model, items, turn) => {
      const whole = responses.json(model, sealed(items), turn);
      return isJsonObject(whole) ? whole : {};
    },
  };
}
