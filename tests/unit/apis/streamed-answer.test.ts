import { describe, expect, test } from '@jest/globals';
import type { HiddenTurn } from '../../../middleware/features/sessions/session-turns.ts';
import { Sessions } from '../../../middleware/features/sessions/sessions.ts';
import type { SseFrame } from '../../../middleware/kernel/sse-frame.ts';
import { AnswerRun } from '../../../middleware/pipeline/answer/answer-run.ts';
import type { StepRun } from '../../../middleware/pipeline/answer/answer-step.ts';
import { StreamedAnswer } from '../../../middleware/pipeline/answer/streamed-answer.ts';
import type { CallVerdict } from '../../../middleware/pipeline/call-checks.ts';
import { responsesRounds } from '../../../middleware/protocol/apis/responses/rounds.ts';
import { saidKey } from '../../../middleware/protocol/conversation/said-key.ts';
import { parseFrame } from '../../../middleware/protocol/sse/sse-frame.ts';
import { added, begun, completed, done, frame, harmless, item } from '../../support/made-frames.ts';
import { exchangeWith } from '../../support/made-up-exchange.ts';
import { answered, streamOf } from '../../support/made-up-lane.ts';

const prompt = { role: 'user', content: 'hi' };
const calls = [begun, added(), done(harmless), completed(item(harmless))];
const message = { type: 'message', id: 'm1', role: 'assistant' };
const place = { item_id: 'm1', output_index: 0, content_index: 0 };
const said = { ...message, content: [{ type: 'output_text', text: 'Bye.' }] };
const broken = [
  begun,
  frame({ type: 'response.output_item.added', output_index: 0, item: { ...message, content: [] } }),
  frame({ type: 'response.output_text.delta', ...place, delta: 'Bye.' }),
  frame({ type: 'response.output_text.done', ...place, text: 'Bye.' }),
  frame({ type: 'response.output_item.done', output_index: 0, item: said }),
];
const text = [...broken, completed(said)];
const limits = { maxEventBytes: 1_000_000, maxStreamBytes: 10_000_000, maxRounds: 10 };

interface Bench {
  readonly frames: AsyncGenerator<SseFrame, void, undefined>;
  /** What is remembered of the answer. */
  readonly turn: () => HiddenTurn | undefined;
}

/** An answer of these rounds whose calls are decided so. */
function bench(
  verdict: CallVerdict,
  rounds: readonly (readonly string[])[],
  steps: readonly StepRun[] = [],
): Bench {
  const sessions = new Sessions();
  const [first = [], ...later] = rounds;
  const check = { check: () => Promise.resolve(verdict), mayConcern: () => true };
  const run = new AnswerRun({
    exchange: exchangeWith({ body: { model: 'm', stream: true, input: [prompt] } }),
    ...{ codec: responsesRounds, sessions, limits },
    steps: [{ calls: { ...check, resolvePath: (path) => path } }, ...steps],
    send: () => {
      const stream = streamOf(...(later.shift() ?? []));
      stream.finish();
      return Promise.resolve(answered(stream));
    },
  });
  return {
    frames: new StreamedAnswer(run).frames(asFrames(first)),
    turn: () => sessions.find('responses-s')?.turns.behind(saidKey(prompt))[0],
  };
}

// eslint-disable-next-line @typescript-eslint/require-await -- frames that are there already, where some that come are wanted
async function* asFrames(frames: readonly string[]): AsyncGenerator<SseFrame, void, undefined> {
  for (const raw of frames) yield parseFrame(Buffer.from(raw));
}

/** Reads until a frame says so. */
async function readUntil({ frames }: Bench, words: string): Promise<void> {
  for (let next = await frames.next(); next.done !== true; next = await frames.next())
    if (next.value.raw.includes(words)) return;
  throw new Error(`no frame says ${words}`);
}

const isCompleted = '"type":"response.completed"';
const deny: CallVerdict = { kind: 'deny', reason: 'no' };
const ask: CallVerdict = { kind: 'ask', question: 'May I?', resolve: () => Promise.resolve() };
const hidden = { kind: 'hidden', historyItem: { kind: 'output', item: { later: true } } } as const;
const loud: StepRun = {
  texts: () =>
    Promise.resolve(async function* (pieces) {
      for await (const piece of pieces) yield piece.toUpperCase();
    }),
};

describe('an answer whose end is with its client', () => {
  test.each([
    ['asked the user something', ask, [calls], []],
    ['had a call refused', deny, [calls, text], []],
    ['has its texts changed', deny, [calls, text], [loud]],
  ] as const)(
    'and that %s is remembered no more: the next request may have changed what is [HK-1] [HK-2]',
    async (_what, verdict, rounds, steps) => {
      for (const leaves of [false, true]) {
        const one = bench(verdict, rounds, steps);
        await readUntil(one, isCompleted);
        const turn = one.turn();
        if (turn === undefined) throw new Error('nothing is remembered');
        const delivered = [['LATER', 'later']] as const;
        [turn.parts, turn.deliveredTexts] = [[hidden], delivered];
        if (leaves) await one.frames.return();
        else expect(await one.frames.next()).toMatchObject({ done: true });
        expect([turn.parts, turn.deliveredTexts]).toEqual([[hidden], delivered]);
      }
    },
  );
});

describe('an answer that its client left', () => {
  test('is remembered as far as it came, by the texts that the client has [HK-1] [HK-2] [HK-6]', async () => {
    for (const steps of [[], [loud]]) {
      const one = bench(deny, [calls, broken], steps);
      await readUntil(one, 'response.output_item.done');
      expect(one.turn()).toBeUndefined();
      await one.frames.return();
      expect(one.turn()?.parts.map(({ kind }) => kind)).toEqual(['hidden', 'hidden', 'seen']);
      expect(one.turn()?.deliveredTexts).toEqual(steps.length === 0 ? [] : [['BYE.', 'Bye.']]);
    }
  });

  test('is not remembered where the client has all that the model said [HK-2]', async () => {
    const one = bench({ kind: 'allow' }, [text]);
    await readUntil(one, 'response.output_item.done');
    await one.frames.return();
    expect(one.turn()).toBeUndefined();
  });
});

test('texts go through what each step makes of them, in order, whichever of them have nothing to do [HK-6]', async () => {
  const twice: StepRun = {
    texts: () =>
      Promise.resolve(async function* (pieces) {
        for await (const piece of pieces) yield `${piece.toUpperCase() === piece ? 'loud ' : ''}${piece}`;
      }),
  };
  const nothing: StepRun = { texts: () => Promise.resolve(undefined) };
  for (const [steps, words] of [
    [[nothing, loud], 'BYE.'],
    [[nothing, loud, nothing, twice], 'loud BYE.'],
    [[twice, loud], 'BYE.'],
    [[nothing], 'Bye.'],
  ] as const) {
    const raw: string[] = [];
    for await (const frame of bench({ kind: 'allow' }, [text], steps).frames) raw.push(frame.raw.toString());
    const delta = raw.find((one) => one.includes('output_text.delta'));
    expect(delta).toContain(`"delta":"${words}"`);
  }
});
