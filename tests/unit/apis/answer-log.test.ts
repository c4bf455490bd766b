import { describe, expect, test } from '@jest/globals';
import type { ApiRequest } from '../../../middleware/kernel/exchange.ts';
import { AnswerLog } from '../../../middleware/pipeline/answer/answer-log.ts';
import type { Settled } from '../../../middleware/pipeline/answer/settle-call.ts';
import { responsesRounds } from '../../../middleware/protocol/apis/responses/rounds.ts';

const head = { model: 'm', id: 'x1', nowSeconds: 1, includeUsage: false };
const json = Buffer.from('{"input":[]}');
const request: ApiRequest = {
  ...{ path: '/responses', headers: [], raw: json, json, contentEncoding: undefined },
  api: 'responses',
  head: { model: 'm', stream: true },
};
const answer = {
  id: 'r1',
  output: [{ type: 'function_call', id: 'f1', call_id: 'c1', name: 'rm', arguments: '{}' }],
};

/** The log of an answer with one call that was decided so. */
function logOf(settled: Settled): AnswerLog {
  const log = new AnswerLog(request, responsesRounds, head);
  log.take(
    responsesRounds.readAnswer(answer, () => true),
    new Map([['0', settled]]),
  );
  return log;
}

describe('what an answer came to', () => {
  test('is not remembered where the client has seen all of it, changed or not [HK-2] [PX-2]', () => {
    expect(logOf({ kind: 'released', input: undefined }).piece()).toBeUndefined();
    expect(logOf({ kind: 'released', input: '{"a":1}' }).piece()).toBeUndefined();
    const hidden = logOf({ kind: 'hidden', output: 'no', isError: true }).piece();
    expect(hidden?.parts.map(({ kind }) => kind)).toEqual(['hidden', 'hidden']);
  });
});
