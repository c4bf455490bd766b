import { expect, test } from '@jest/globals';
import { Sessions } from '../../../middleware/features/sessions/sessions.ts';
import type { Exchange } from '../../../middleware/kernel/exchange.ts';
import type { JsonObject } from '../../../middleware/kernel/json-object.ts';
import { isReply } from '../../../middleware/kernel/reply.ts';
import { keepAnswer } from '../../../middleware/pipeline/kept-answers.ts';
import { createFollowAnswerStage } from '../../../middleware/pipeline/request/follow-answer.ts';
import { exchangeWith } from '../../support/made-up-exchange.ts';

const idOf = (turn: number): string => `resp_codexplus_${turn}`;

const answer = (turn: number): JsonObject => ({
  id: idOf(turn),
  object: 'response',
  status: 'completed',
  output: [
    { type: 'message', role: 'assistant', content: [{ type: 'output_text', text: `answer ${turn}` }] },
  ],
});

/** A client that goes on from our answers by their ids, as the stage lets it on. */
async function say(sessions: Sessions, turn: number, words: string): Promise<Exchange> {
  const previous = turn === 0 ? {} : { previous_response_id: idOf(turn - 1) };
  const exchange = exchangeWith({ body: { model: 'm', input: words, ...previous } });
  const followed = await createFollowAnswerStage(sessions).run(exchange);
  if (isReply(followed)) throw new Error('the stage lets every request on');
  return followed;
}

async function converse(sessions: Sessions, turns: number, words: string): Promise<void> {
  for (let turn = 0; turn < turns; turn += 1)
    keepAnswer(await say(sessions, turn, words), answer(turn), { sessions, isInChain: false });
}

test('many answers of ours in a row are kept once each, and all of them go on [CMD-4]', async () => {
  const sessions = new Sessions();
  const words = 'x'.repeat(1_000);
  await converse(sessions, 40, words);
  expect(sessions.keptAnswers.totalSize).toBeLessThan(40 * 2_000);
  const { json } = (await say(sessions, 40, 'now')).request;
  const { input } = JSON.parse(json.toString()) as { readonly input: readonly JsonObject[] };
  expect(input).toHaveLength(81);
  expect(JSON.stringify(input[1])).toContain('answer 0');
  expect(JSON.stringify(input[79])).toContain('answer 39');
  expect(JSON.stringify(input[80])).toContain('now');
});

test('an answer is not known any more where what it goes on from is not [CMD-4]', async () => {
  const sessions = new Sessions();
  await converse(sessions, 3, 'hi');
  const [first] = [...sessions.keptAnswers].map(([key]) => key).filter((key) => key.includes(idOf(0)));
  sessions.keptAnswers.delete(first ?? '');
  await expect(say(sessions, 3, 'now')).rejects.toMatchObject({ code: 'previous_response_not_found' });
});
