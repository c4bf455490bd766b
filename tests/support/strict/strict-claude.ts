import { isJsonObject, type JsonObject } from '../../../middleware/kernel/json-object.ts';
import { objectsIn } from '../../../middleware/protocol/apis/common/read-event.ts';
import { messages } from '../fake-upstream/shapes.ts';
import type { Item } from '../fake-upstream/step.ts';
import { faultsOfMessages } from './messages-rules.ts';
import type { StrictApi } from './strict-api.ts';

/** Anthropic's Messages API: thoughts have to come back as they were, with the signature that they got here. */
export function strictClaude(): StrictApi {
  /** What was thought, by its signature. */
  const thoughts = new Map<string, string>();
  /** The signature of the thought before a call, by the call. */
  const thoughtsOfCalls = new Map<string, string>();
  const isSigned = ({ signature, thinking }: JsonObject): boolean =>
    thoughts.get(String(signature)) === thinking;
  const signed = (items: readonly Item[]): readonly Item[] => {
    let last: string | undefined;
    return items.map((item) => {
      if (item.kind === 'reasoning') {
        last = Buffer.from(`signature ${thoughts.size} of claude`).toString('base64');
        thoughts.set(last, item.text);
        return { ...item, seal: last };
      }
      if (item.kind !== 'text' && last !== undefined) thoughtsOfCalls.set(item.callId, last);
      return item;
    });
  };
  return {
    faultsOf: (body, model) =>
      faultsOfMessages(body, { thinksAdaptively: !model.endsWith('-4-5'), isSigned }),
    lossesOf: (body) =>
      objectsIn(body['messages']).flatMap(({ content }) => {
        const blocks = objectsIn(content);
        const signatures = blocks.map(({ signature }) => signature);
        return blocks
          .map(({ id }) => thoughtsOfCalls.get(String(id)))
          .filter((signature) => signature !== undefined && !signatures.includes(signature))
          .map((signature) => `the thought with ${String(signature)} did not come back with its call`);
      }),
    refusal: (message) => ({
      type: 'error',
      error: { type: 'invalid_request_error', message },
      request_id: 'req_strict',
    }),
    stream: (model, items, turn) =>
      messages
        .events(model, signed(items), turn)
        .map(([event, data]) => `event: ${event ?? ''}\ndata: ${data}\n\n`)
        .join(''),
    json: (model, items, turn) => {
      const whole = messages.json(model, signed(items), turn);
      return isJsonObject(whole) ? whole : {};
    },
  };
}
