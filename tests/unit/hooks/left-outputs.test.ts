import { expect, test } from '@jest/globals';
import { HookSessions } from '../../../middleware/features/hooks/sessions/hook-sessions.ts';
import { Sessions } from '../../../middleware/features/sessions/sessions.ts';
import { quiet, type RunHooks } from '../../../middleware/pipeline/hooks/hook-runner.ts';
import type { HookTurn } from '../../../middleware/pipeline/hooks/hook-turn.ts';
import { onLeftOutputs, onToolResults } from '../../../middleware/pipeline/request/hooks/on-tool-results.ts';
import { Conversation } from '../../../middleware/protocol/conversation/conversation.ts';
import { snapshotWith } from '../../support/built-in-context.ts';
import { ranCommand, user } from '../../support/codex-turns.ts';
import { exchangeWith } from '../../support/made-up-exchange.ts';

const stops: RunHooks = () => Promise.resolve({ ...quiet, stop: 'enough' });

/** A turn with the output of a call that Codex's own hook left to it, and what was answered in it. */
function turnWith(behind: readonly object[]): { readonly turn: HookTurn; readonly answers: string[] } {
  const exchange = exchangeWith({
    body: { input: [user('hi', 'm1'), ...ranCommand('ls', 'c1'), ...behind] },
  });
  const conversation = Conversation.of(exchange.request);
  if (conversation === undefined) throw new Error('there is no conversation');
  const sessions = new HookSessions({
    memory: new Sessions(),
    now: () => 0,
    idleMs: 1_000,
    log: exchange.log,
  });
  const session = sessions.open('s');
  session.left.add('c1');
  const answers: string[] = [];
  const place = {
    ...{ project: snapshotWith(), session, log: exchange.log, effort: undefined, agent: undefined },
    ...{ hasReader: true, hooks: { entries: [], scripts: [], problems: [], anyFor: () => true } },
  };
  const answer = (text: string): ReturnType<HookTurn['answer']> => {
    answers.push(text);
    return { kind: 'reply', status: 200, headers: [], body: { kind: 'bytes', bytes: Buffer.alloc(0) } };
  };
  return { turn: { exchange, conversation, place, replied: undefined, answer }, answers };
}

test('a hook that ends the turn of an output is the answer, and none where another prompt came [HK-1]', async () => {
  const own = turnWith([]);
  expect(await onToolResults(own.turn, stops)).toMatchObject({ kind: 'reply' });
  expect(own.answers).toEqual(['enough']);
  const late = turnWith([user('and now', 'm2')]);
  await onLeftOutputs(late.turn, stops);
  expect(late.answers).toEqual([]);
});
