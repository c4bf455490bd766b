import { expect, test } from '@jest/globals';
import { Sessions } from '../../../middleware/features/sessions/sessions.ts';
import type { SseFrame } from '../../../middleware/kernel/sse-frame.ts';
import { AnswerRun } from '../../../middleware/pipeline/answer/answer-run.ts';
import { StreamedAnswer } from '../../../middleware/pipeline/answer/streamed-answer.ts';
import type { CallRunner, CallStep } from '../../../middleware/pipeline/call-checks.ts';
import { responsesRounds } from '../../../middleware/protocol/apis/responses/rounds.ts';
import { parseFrame } from '../../../middleware/protocol/sse/sse-frame.ts';
import { saidKey } from '../../../middleware/protocol/conversation/said-key.ts';
import { added, begun, done, frame, harmless, item } from '../../support/made-frames.ts';
import { exchangeWith } from '../../support/made-up-exchange.ts';
import { until } from '../../support/until.ts';

const look = { id: 'fc_2', name: 'look' };
const looked = item(harmless, look);

test('an answer that breaks off behind a call of ours and one of the client with its id leaves that of the client as it was [MCP-2]', async () => {
  const running = Promise.withResolvers<CallStep>();
  let hasBegun = false;
  const tools: CallRunner = {
    isOurs: ({ name }) => name !== 'look',
    asDecided: () => undefined,
    run: () => {
      hasBegun = true;
      return running.promise;
    },
  };
  const sessions = new Sessions();
  const run = new AnswerRun({
    exchange: exchangeWith({ body: { model: 'm', input: [{ role: 'user', content: 'hi' }] } }),
    ...{ codec: responsesRounds, sessions, steps: [{ tools }] },
    limits: { maxEventBytes: 1_000_000, maxStreamBytes: 10_000_000, maxRounds: 10 },
    send: () => Promise.reject(new Error('the provider is down')),
  });
  async function* untilBroken(): AsyncGenerator<SseFrame, void, undefined> {
    const other = { type: 'response.output_item.done', output_index: 1, item: looked };
    for (const raw of [begun, added(), done(harmless), frame(other)]) yield parseFrame(Buffer.from(raw));
    await until(() => hasBegun);
    throw new Error('the provider broke off');
  }
  const reading = async (): Promise<void> => {
    for await (const given of new StreamedAnswer(run).frames(untilBroken()))
      expect(given.raw.toString()).not.toContain('function_call');
  };
  await expect(reading()).rejects.toThrow('broke off');
  const turn = sessions.find('responses-s')?.turns.behind(saidKey({ role: 'user', content: 'hi' }))[0];
  const hidden = turn?.parts.flatMap((part) => (part.kind === 'hidden' ? [part.historyItem.item] : []));
  expect(hidden).toEqual([
    item(harmless, { call_id: 'c1_2' }),
    { type: 'function_call_output', call_id: 'c1_2', output: expect.stringContaining('begun and given up') },
  ]);
});
