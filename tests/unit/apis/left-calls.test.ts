import { setImmediate } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import { Sessions } from '../../../middleware/features/sessions/sessions.ts';
import type { SseFrame } from '../../../middleware/kernel/sse-frame.ts';
import { AnswerRun } from '../../../middleware/pipeline/answer/answer-run.ts';
import { StreamedAnswer } from '../../../middleware/pipeline/answer/streamed-answer.ts';
import { wholeAnswer } from '../../../middleware/pipeline/answer/whole-answer.ts';
import type { CallRunner, CallStep } from '../../../middleware/pipeline/call-checks.ts';
import { responsesRounds } from '../../../middleware/protocol/apis/responses/rounds.ts';
import type { ToolCall } from '../../../middleware/protocol/apis/tool-call.ts';
import { parseFrame } from '../../../middleware/protocol/sse/sse-frame.ts';
import { saidKey } from '../../../middleware/protocol/conversation/said-key.ts';
import { added, begun, done, harmless, item, response } from '../../support/made-frames.ts';
import { exchangeWith } from '../../support/made-up-exchange.ts';
import { until } from '../../support/until.ts';

const first = item(harmless);
const second = item(harmless, { id: 'fc_2', call_id: 'c2' });

/** Runs calls that go on when a test says so, and takes note of those that are ended. */
class Server implements CallRunner {
  readonly ended: string[] = [];
  readonly running = new Map<string, PromiseWithResolvers<CallStep>>();

  readonly isOurs = (): boolean => true;
  readonly asDecided = (): undefined => undefined;
  readonly run = ({ callId }: ToolCall): Promise<CallStep> => {
    const running = Promise.withResolvers<CallStep>();
    this.running.set(callId, running);
    return running.promise;
  };

  ask(callId: string): void {
    const goOn = (): Promise<CallStep> => Promise.reject(new Error('nobody answers'));
    const leave = (): number => this.ended.push(callId);
    const waits = { over: () => undefined, hasEnded: () => false };
    this.running.get(callId)?.resolve({ asks: 'Which?', goOn, ...waits, leave });
  }
}

function runOf(server: Server, signal = new AbortController().signal, sessions = new Sessions()): AnswerRun {
  return new AnswerRun({
    exchange: exchangeWith({ body: { model: 'm', input: [{ role: 'user', content: 'hi' }] }, signal }),
    ...{ codec: responsesRounds, sessions, steps: [{ tools: server }] },
    limits: { maxEventBytes: 1_000_000, maxStreamBytes: 10_000_000, maxRounds: 10 },
    send: () => Promise.reject(new Error('the provider is down')),
  });
}

/** A stream that says one call and no more until it breaks. */
async function* untilBroken(broken: Promise<never>): AsyncGenerator<SseFrame, void, undefined> {
  for (const raw of [begun, added(), done(harmless)]) yield parseFrame(Buffer.from(raw));
  await broken;
}

async function readAll(frames: AsyncIterable<SseFrame>): Promise<void> {
  for await (const frame of frames) expect(frame.raw.toString()).not.toContain('function_call');
}

describe('a call whose server asks the user something, in an answer that', () => {
  test.each(['before', 'behind'] as const)(
    'breaks in the middle is ended, where it asks %s that [MCP-2]',
    async (asks) => {
      const server = new Server();
      const broken = Promise.withResolvers<never>();
      const reading = readAll(new StreamedAnswer(runOf(server)).frames(untilBroken(broken.promise)));
      await until(() => server.running.has('c1'));
      if (asks === 'before') server.ask('c1');
      // As long as a resolved promise takes to arrive.
      await setImmediate();
      broken.reject(new Error('the provider broke off'));
      await expect(reading).rejects.toThrow('broke off');
      if (asks === 'behind') server.ask('c1');
      await until(() => server.ended.length > 0);
      expect(server.ended).toEqual(['c1']);
    },
  );

  test.each(['before', 'behind'] as const)(
    'is no stream and fails by another call is ended, where it asks %s that [MCP-2]',
    async (asks) => {
      const server = new Server();
      const answer = { ...response, output: [first, second] };
      const answering = wholeAnswer({ answer, text: JSON.stringify(answer) }, runOf(server));
      await until(() => server.running.size === 2);
      if (asks === 'before') server.ask('c1');
      await setImmediate();
      server.running.get('c2')?.reject(new Error('no more'));
      await expect(answering).rejects.toThrow('no more');
      if (asks === 'behind') server.ask('c1');
      await until(() => server.ended.length > 0);
      expect(server.ended).toEqual(['c1']);
    },
  );

  test('its client leaves is ended when it asks [MCP-2]', async () => {
    const server = new Server();
    const client = new AbortController();
    const answer = { ...response, output: [first] };
    const answering = wholeAnswer({ answer, text: JSON.stringify(answer) }, runOf(server, client.signal));
    await until(() => server.running.has('c1'));
    client.abort(new Error('the client left'));
    await expect(answering).rejects.toThrow('the client left');
    server.ask('c1');
    await until(() => server.ended.length > 0);
    expect(server.ended).toEqual(['c1']);
  });

  test('is no stream is ended where its client leaves before it has the question, and that is no question any more [MCP-2]', async () => {
    const server = new Server();
    const client = new AbortController();
    const sessions = new Sessions();
    const answer = { ...response, output: [first] };
    const run = runOf(server, client.signal, sessions);
    const answering = wholeAnswer({ answer, text: JSON.stringify(answer) }, run);
    await until(() => server.running.has('c1'));
    server.ask('c1');
    expect(JSON.stringify(await answering)).toContain('Which?');
    const turn = sessions.find('responses-s')?.turns.behind(saidKey({ role: 'user', content: 'hi' }))[0];
    expect([server.ended, turn?.asked !== undefined]).toEqual([[], true]);
    client.abort(new Error('the client left'));
    expect([server.ended, turn?.asked, turn?.isBroken]).toEqual([['c1'], undefined, true]);
  });
});
