import { isJsonObject, objectIn } from '../../../kernel/json-object.ts';
import { responsesAnswer } from './local-answer.ts';
import { hasFailed } from '../answer-failure.ts';
import type { RoundCodec } from '../round-codec.ts';
import { isText, objectsIn, textAt } from '../common/read-event.ts';
import { responsesCall, withResponsesCallId, withResponsesInput } from './calls/calls.ts';
import { responsesCallEvents } from './calls/call-events.ts';
import { ResponsesReader, responsesSigns } from './reader.ts';
import { ResponsesWriter } from './writer.ts';
import type { Ending } from '../round.ts';
import { responsesTurns } from './turns.ts';

export const responsesRounds: RoundCodec = {
  ...responsesTurns,
  signs: responsesSigns,
  openReader: (holds) => new ResponsesReader(holds),
  openWriter: () => new ResponsesWriter(),
  readAnswer: (answer) => ({
    items: objectsIn(answer['output']).map((item, index) => ({
      key: String(index),
      item,
      call: responsesCall(item),
    })),
    usage: isJsonObject(answer['usage']) ? answer['usage'] : undefined,
    ending: hasFailed(answer) ? 'failed' : (endings.get(textAt(answer, 'status')) ?? 'complete'),
    chainId: isText(answer['id']) ? answer['id'] : undefined,
  }),
  writeAnswer: (last, { items, usage }) => ({
    ...last,
    output: items,
    ...(usage === undefined ? {} : { usage }),
  }),
  isForClient: (item) => responsesCall(item) !== undefined,
  withInput: withResponsesInput,
  withCallId: withResponsesCallId,
  textItem: (head, text) => objectsIn(objectIn(responsesAnswer(head, text).json)['output'])[0] ?? {},
  callAnswer: (item) => (head) => {
    const whole = { ...objectIn(responsesAnswer(head, '').json), output: [item] };
    const begun = { ...whole, status: 'in_progress', output: [], usage: null };
    const events = [
      { type: 'response.created', response: begun },
      { type: 'response.in_progress', response: begun },
      ...responsesCallEvents(item),
      { type: 'response.completed', response: whole },
    ];
    return {
      json: whole,
      events: events.map((event, sequence) => [
        String(event['type']),
        JSON.stringify({ ...event, sequence_number: sequence }),
      ]),
    };
  },
};

const endings: ReadonlyMap<string, Ending> = new Map([
  ['incomplete', 'partial'],
  ['failed', 'failed'],
  ['cancelled', 'failed'],
]);
