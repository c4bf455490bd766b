import { describe, expect, test } from '@jest/globals';
import { callCases } from '../../support/call-clients.ts';
import { says, status, streams, type Item } from '../../support/fake-upstream/step.ts';
import { scriptedUsage } from '../../support/fake-upstream/shapes.ts';
import { callRaw } from '../../support/raw-client.ts';
import { useWholeBench } from '../../support/whole-bench.ts';
import { lookedAgain } from '../../support/test-clock.ts';

const bench = useWholeBench();

const text = (words: string): Item => ({ kind: 'text', text: words });
const call = (callId: string): Item => ({ kind: 'call', name: 'rm', arguments: {}, callId });

/** A hook that is content when the model says so. */
const untilDone = `grep -q 'all done' || { echo "run the tests" >&2; exit 2; }`;
const feedback = `Stop hook feedback:\n[${untilDone}]: run the tests\n`;

describe('a Stop hook and a client of', () => {
  test.each(callCases)(
    '%s (client %i, streamed: %s): one answer of all rounds, and the hook’s words in every later request [HK-1] [HK-2] [PX-2]',
    async (api, which, stream) => {
      await bench.hooks({ Stop: untilDone });
      bench.answers([text('I think so.')], [text('all done')], [text('all done again')]);
      const client = bench.client(which);
      const { spoken, tokens } = await client.tell([['user', 'work']], stream);
      const both = [
        ['text', 'I think so.'],
        ['text', 'all done'],
      ];
      expect(spoken).toEqual(api === 'chat' ? [['text', 'I think so.\n\nall done']] : both);
      expect(tokens).toEqual({ input: 2 * scriptedUsage.input, output: 2 * scriptedUsage.output });
      const heard = [
        ['user', 'work'],
        ['text', 'I think so.'],
        ['user', feedback],
      ];
      expect(bench.sent(-1)).toEqual(heard);
      await client.tell([['user', 'thanks']], stream);
      const whole = [...heard, ['text', 'all done'], ['user', 'thanks']];
      expect(bench.sent(-1)).toEqual(whole);
      const before = bench.upstream.requests.at(-1)?.raw.toString() ?? '';
      await client.tell([['user', 'bye']], stream);
      expect(bench.sent(-1)).toEqual([...whole, ['text', 'all done again'], ['user', 'bye']]);
      const end = before.lastIndexOf('all done');
      expect(bench.upstream.requests.at(-1)?.raw.toString().slice(0, end)).toBe(before.slice(0, end));
    },
  );

  test.each(callCases)(
    '%s (client %i, streamed: %s): a call that is refused before and after it is in its place again [HK-2]',
    async (_api, which, stream) => {
      const deny = {
        hookEventName: 'PreToolUse',
        permissionDecision: 'deny',
        permissionDecisionReason: 'no',
      };
      await bench.hooks({
        Stop: untilDone,
        PreToolUse: `echo '${JSON.stringify({ hookSpecificOutput: deny })}'`,
      });
      bench.answers([call('c1')], [text('So not.')], [text('Then'), call('c2')], [text('all done')]);
      const client = bench.client(which);
      await client.tell([['user', 'work']], stream);
      const refusal = 'PreToolUse:rm hook error: no';
      const heard = [
        ['user', 'work'],
        ['call', 'rm', {}, 'c1'],
        ['output', 'c1', refusal],
        ['text', 'So not.'],
        ['user', feedback],
        ['text', 'Then'],
        ['call', 'rm', {}, 'c2'],
        ['output', 'c2', refusal],
      ];
      expect(bench.sent(-1)).toEqual(heard);
      await client.tell([['user', 'thanks']], stream);
      expect(bench.sent(-1)).toEqual([...heard, ['text', 'all done'], ['user', 'thanks']]);
    },
  );
});

describe('an answer that is no stream', () => {
  const ask = async (): Promise<string> => {
    const body = JSON.stringify({ model: 'm', messages: [{ role: 'user', content: 'work' }] });
    const headers = ['x-codex-plus-workspace', bench.workspace, 'content-type', 'application/json'];
    const answer = await callRaw(bench.middleware.port, { path: '/v1/chat/completions', headers, body });
    return `${answer.status} ${answer.body.toString()}`;
  };

  test('keeps its bytes where the hooks are content [HK-1] [PX-2]', async () => {
    bench.upstream.use(() => says('all done'));
    const before = await ask();
    await bench.hooks({ Stop: untilDone });
    lookedAgain();
    expect(await ask()).toBe(before);
  });

  test('ends after eight times in a row [HK-1]', async () => {
    await bench.hooks({ Stop: 'echo "never" >&2; exit 2' });
    bench.answers([text('one')]);
    expect(await ask()).toContain('200 ');
    expect(bench.upstream.requests).toHaveLength(9);
  });

  test('is an error where the model fails when it goes on [HK-1]', async () => {
    await bench.hooks({ Stop: 'echo "more" >&2; exit 2' });
    bench.answers([text('one')], status(500, { error: { message: 'no' } }));
    const answer = await ask();
    expect(answer).toMatch(/^502 /);
    expect(answer).toContain('stream_incomplete');
  });
});

test('a question about a call is not the end of the model’s work [HK-1] [HK-2]', async () => {
  const asks = { hookEventName: 'PreToolUse', permissionDecision: 'ask' };
  await bench.hooks({
    Stop: bench.keeps('stops'),
    PreToolUse: `echo '${JSON.stringify({ hookSpecificOutput: asks })}'`,
  });
  bench.answers([call('c1')], [text('all done')]);
  const client = bench.client(0);
  const { spoken } = await client.tell([['user', 'work']], true);
  expect(JSON.stringify(spoken)).toContain('Allow?');
  expect(await bench.kept('stops')).toEqual([]);
});

test('a client that goes on by the id of an answer goes on from its last round [HK-1] [HK-2]', async () => {
  await bench.hooks({ Stop: untilDone });
  bench.answers([text('I think so.')], [text('all done')]);
  const ask = async (more: object): Promise<string> => {
    const body = JSON.stringify({ model: 'm', stream: true, input: 'work', ...more });
    const headers = ['x-codex-plus-workspace', bench.workspace, 'content-type', 'application/json'];
    const answer = await callRaw(bench.middleware.port, { path: '/v1/responses', headers, body });
    return /"id":"(resp_[^"]*)"/.exec(answer.body.toString())?.[1] ?? '';
  };
  const id = await ask({});
  await ask({ previous_response_id: id });
  const last = bench.upstream.requests.at(-1)?.json?.['previous_response_id'];
  expect([id, last]).toEqual(['resp_scripted', 'resp_scripted_1']);
});

test.each([true, false])(
  'an answer with several choices keeps its bytes (streamed: %s) [HK-1] [PX-2]',
  async (stream) => {
    const whole = [0, 1].map((index) => ({
      ...{ index, message: { role: 'assistant', content: `choice ${index}` }, finish_reason: 'stop' },
    }));
    const chunks = whole.flatMap(({ index, message }) => [
      [{ index, delta: message, finish_reason: null }],
      [{ index, delta: {}, finish_reason: 'stop' }],
    ]);
    const frames = [...chunks.map((choices) => JSON.stringify({ id: 'c', choices })), '[DONE]'];
    bench.answers(
      stream
        ? streams(frames.map((data) => `data: ${data}\n\n`))
        : status(200, { id: 'c', object: 'chat.completion', choices: whole }),
    );
    const ask = async (): Promise<string> => {
      const body = JSON.stringify({
        model: 'm',
        n: 2,
        stream,
        messages: [{ role: 'user', content: 'work' }],
      });
      const headers = ['x-codex-plus-workspace', bench.workspace, 'content-type', 'application/json'];
      const answer = await callRaw(bench.middleware.port, { path: '/v1/chat/completions', headers, body });
      return answer.body.toString();
    };
    const before = await ask();
    await bench.hooks({ Stop: untilDone });
    lookedAgain();
    const after = await ask();
    expect(bench.upstream.requests).toHaveLength(2);
    expect(stream ? after.split('\n\n').toSorted() : after).toEqual(
      stream ? before.split('\n\n').toSorted() : before,
    );
  },
);
