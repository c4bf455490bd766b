import { describe, expect, test } from '@jest/globals';
import { Sessions } from '../../../middleware/features/sessions/sessions.ts';
import { AnswerRun } from '../../../middleware/pipeline/answer/answer-run.ts';
import { PassingStream } from '../../../middleware/pipeline/answer/passing-stream.ts';
import { StreamedAnswer } from '../../../middleware/pipeline/answer/streamed-answer.ts';
import type { CallVerdict } from '../../../middleware/pipeline/call-checks.ts';
import { responsesRounds } from '../../../middleware/protocol/apis/responses/rounds.ts';
import { collectWhole } from '../../../middleware/protocol/sse/collect-whole.ts';
import { readFrames } from '../../../middleware/protocol/sse/read-frames.ts';
import { PushStream } from '../../../middleware/upstreams/transport/push-stream.ts';
import { added, begun, completed, done, frame, harmless, item } from '../../support/made-frames.ts';
import { exchangeWith } from '../../support/made-up-exchange.ts';
import { answered, streamOf } from '../../support/made-up-lane.ts';

const message = { type: 'message', id: 'm1', role: 'assistant' };
const said = { ...message, content: [{ type: 'output_text', text: 'Bye.' }] };
const spoken = [
  frame({ type: 'response.output_item.added', output_index: 0, item: { ...message, content: [] } }),
  frame({ type: 'response.output_text.delta', output_index: 0, delta: 'Bye.' }),
  frame({ type: 'response.output_item.done', output_index: 0, item: said }),
];
const text = [begun, ...spoken, completed(said)].join('');
const call = [begun, added(), done(harmless), completed(item(harmless))].join('');
const refused: CallVerdict = { kind: 'deny', reason: 'no' };
const limits = { maxEventBytes: 1_000, maxStreamBytes: 10_000, maxRounds: 10 };

const answers: Record<string, string> = {
  'words alone': text,
  'words in lines that end otherwise': text.replaceAll('\n', '\r\n'),
  'a call': call,
  'a frame behind the end': `${text}data: [DONE]\n\n`,
  'a call behind the end': text + done(harmless),
  'an end that is missing': [begun, ...spoken].join(''),
  'a last frame without its blank line': text.trimEnd(),
  'a failure': begun + frame({ type: 'response.failed', response: { error: { message: 'full' } } }),
  'a frame that is no JSON': `${begun}data: {"type":"response.output_item.done","item":{"type":"function_call"\n\n`,
  'an event that is too large': `${begun}data: ${'x'.repeat(1_001)}\n\n${text}`,
  'more than a stream may have': text.repeat(20),
};

/** The answer to one call of the model, whose calls are refused: the model is called again, and speaks. */
function answer(): StreamedAnswer {
  const check = { check: () => Promise.resolve(refused), mayConcern: () => true };
  return new StreamedAnswer(
    new AnswerRun({
      exchange: exchangeWith({
        body: { model: 'm', stream: true, input: [{ role: 'user', content: 'hi' }] },
      }),
      ...{ codec: responsesRounds, sessions: new Sessions(), limits },
      steps: [{ calls: { ...check, resolvePath: (path) => path } }],
      send: () => {
        const next = streamOf(text);
        next.finish();
        return Promise.resolve(answered(next));
      },
    }),
  );
}

interface Outcome {
  readonly bytes: string;
  readonly error: string | undefined;
}

/** What a client gets of chunks, and how it ends. */
function passedOn(chunks: readonly Buffer[]): Promise<Outcome> {
  const source = streamOf();
  const passing = new PassingStream(source, { open: answer, signs: responsesRounds.signs.stream, limits });
  return new Promise((resolve) => {
    let bytes = '';
    passing.deliver({
      data: (chunk) => {
        bytes += chunk.toString('latin1');
        return true;
      },
      end: () => {
        resolve({ bytes, error: undefined });
      },
      fail: ({ message: error }) => {
        resolve({ bytes, error });
      },
    });
    for (const chunk of chunks) source.push(chunk);
    source.finish();
  });
}

/** The same of an answer all of whose frames are waited for. */
async function waitedFor(chunks: readonly Buffer[]): Promise<Outcome> {
  const source = streamOf();
  for (const chunk of chunks) source.push(chunk);
  source.finish();
  let bytes = '';
  try {
    for await (const { raw } of answer().frames(readFrames(source, limits))) bytes += raw.toString('latin1');
    return { bytes, error: undefined };
  } catch (error) {
    return { bytes, error: (error as Error).message };
  }
}

describe('an answer that goes on as its bytes come', () => {
  test.each(Object.keys(answers))(
    'is the same as one that is waited for, wherever it is cut: %s',
    async (name) => {
      const whole = Buffer.from(answers[name] ?? '');
      expect(await passedOn([whole])).toEqual(await waitedFor([whole]));
      const step = name === 'words alone' || name === 'a call' ? 1 : 37;
      for (let at = 1; at < whole.length; at += step) {
        const chunks = [whole.subarray(0, at), whole.subarray(at)];
        expect(await passedOn(chunks)).toEqual(await waitedFor(chunks));
      }
    },
  );

  test.each(Object.keys(answers))('so it is where each of its frames comes by itself: %s', async (name) => {
    const frames = (answers[name] ?? '').split(/(?<=\n\n)/).map((text) => Buffer.from(text));
    expect(await passedOn(frames)).toEqual(await waitedFor(frames));
  });

  test.each<[string, readonly string[], number]>([
    ['words', [begun, ...spoken, completed(said)], 0],
    ['words, and a mark behind the end', [begun, ...spoken, completed(said), 'data: [DONE]\n\n'], 0],
    ['words in one piece', [`${text}data: [DONE]\n\n`], 0],
    ['words behind the end', [begun, ...spoken, completed(said), ...spoken], 1],
    ['words cut within a frame', [text.slice(0, -5), text.slice(-5)], 1],
    ['a call behind words', [begun, ...spoken, added(), done(harmless)], 1],
  ])('is read once there is something in it to be read: %s', async (_what, chunks, times) => {
    const source = streamOf();
    let opened = 0;
    const open = (): StreamedAnswer => {
      opened += 1;
      return answer();
    };
    const { signs } = responsesRounds;
    const passing = new PassingStream(source, { open, signs: signs.stream, limits });
    for (const chunk of chunks) source.push(Buffer.from(chunk));
    source.finish();
    await collectWhole(passing, limits.maxStreamBytes);
    expect(opened).toBe(times);
  });

  test('has passed on what a chunk completed before the next one comes, and no frame in part', () => {
    const source = streamOf();
    const got: string[] = [];
    new PassingStream(source, { open: answer, signs: responsesRounds.signs.stream, limits }).deliver({
      data: (chunk) => got.push(chunk.toString()) > 0,
      end: () => got.push('end'),
      fail: () => undefined,
    });
    source.push(Buffer.from(`${begun}${spoken[0] ?? ''}data: {"type":`));
    expect(got).toEqual([begun + (spoken[0] ?? '')]);
    source.push(Buffer.from('"response.output_text.delta"}\n\n'));
    expect(got.at(-1)).toBe('data: {"type":"response.output_text.delta"}\n\n');
  });

  test('a client that is behind has the upstream wait, also behind a call, and gets all once it reads on', async () => {
    const waits: string[] = [];
    const source = new PushStream({
      pause: () => waits.push('pause'),
      resume: () => waits.push('resume'),
      cancel: () => undefined,
    });
    const passing = new PassingStream(source, { open: answer, signs: responsesRounds.signs.stream, limits });
    let bytes = '';
    const ended = new Promise<void>((resolve) => {
      passing.deliver({
        data: (chunk) => {
          bytes += chunk.toString();
          setImmediate(() => {
            passing.resume();
          });
          return false;
        },
        end: resolve,
        fail: () => undefined,
      });
    });
    source.push(Buffer.from(begun));
    expect(waits.at(-1)).toBe('pause');
    source.push(Buffer.from(call.slice(begun.length)));
    source.finish();
    await ended;
    expect(bytes).toBe((await waitedFor([Buffer.from(call)])).bytes);
  });

  test.each([begun, begun + added()])(
    'that its client leaves ends the call of the upstream',
    async (sent) => {
      let isCancelled = false;
      const source = new PushStream({
        pause: () => undefined,
        resume: () => undefined,
        cancel: () => (isCancelled = true),
      });
      const passing = new PassingStream(source, {
        open: answer,
        signs: responsesRounds.signs.stream,
        limits,
      });
      const heard: string[] = [];
      passing.deliver({
        data: () => true,
        end: () => heard.push('end'),
        fail: () => heard.push('fail'),
      });
      source.push(Buffer.from(sent));
      passing.cancel();
      await new Promise((resolve) => setImmediate(resolve));
      expect({ isCancelled, heard }).toEqual({ isCancelled: true, heard: [] });
    },
  );
});
