import { once } from 'node:events';
import { describe, expect, test } from '@jest/globals';
import {
  allow,
  ask,
  call,
  checkedApis,
  deny,
  eventsOf,
  finalResponse,
  requestTo,
  text,
  useCheckedBench,
  type Json,
  type Verdict,
} from '../../support/checked-bench.ts';
import { maxRounds } from '../../support/checked-middleware.ts';
import { status, streams, type Item } from '../../support/fake-upstream/step.ts';
import { openRaw } from '../../support/raw-client.ts';
import { until } from '../../support/until.ts';

const bench = useCheckedBench();
const codex = ['user-agent', 'codex_exec/0.171.0'];

describe('what goes wrong', () => {
  const errors = {
    responses: { type: 'response.failed', response: { error: { code: 'stream_incomplete' } } },
    chat: { error: { code: 'stream_incomplete' } },
    messages: { type: 'error', error: { type: 'api_error' } },
  };

  test.each(checkedApis)(
    'an upstream that breaks in a later round ends in the error of its API: %s [HK-2] [PX-4]',
    async (api) => {
      bench.decide({ rm: deny('no') });
      bench.answers([call('rm', 'c1')], streams(['data: {"half'], { then: 'reset' }));
      const answer = await ask(bench, api);
      expect(answer.isWhole).toBe(true);
      expect(eventsOf(answer).at(-1)).toMatchObject(errors[api]);
      await until(() => bench.middleware.outcomes.at(-1)?.ending === 'upstream-broke');
    },
  );

  test('a failure that no retry can mend is one that Codex does not try again [HK-2] [PX-4]', async () => {
    bench.decide({ rm: deny('no') });
    bench.upstream.use((_seen, index) => ({ kind: 'answer', items: [call('rm', `c${index}`)], turn: index }));
    const last = eventsOf(await ask(bench, 'responses', {}, codex)).at(-1);
    expect(last).toMatchObject({
      type: 'response.failed',
      response: {
        error: {
          code: 'invalid_prompt',
          message: expect.stringMatching(/4 times.*\(too_many_rounds\)$/) as unknown,
        },
      },
    });
  });

  test('a model whose calls are run here may go on as often as one whose calls are refused, and no more [HK-2] [MCP-1]', async () => {
    bench.run({ own: () => ({ output: 'four', isError: false }) });
    bench.decide({ rm: deny('no') });
    bench.upstream.use((_seen, index) => ({
      ...{ kind: 'answer', turn: index },
      items: [call(index === 1 ? 'rm' : 'own', `c${index}`)],
    }));
    // What ran is put back in this conversation from now on.
    const session = ['x-codex-plus-session', 'of its own'];
    const { status: ended, body } = await ask(bench, 'responses', { stream: false }, session);
    expect([ended, bench.upstream.requests.length]).toEqual([400, maxRounds]);
    expect(body.toString()).toContain('refused or run here; the last one refused was a call of rm');
  });

  test.each(checkedApis.flatMap((api) => [true, false].map((stream) => [api, stream] as const)))(
    'an answer with more calls than any model makes is refused, and few are decided at a time: %s, streamed: %s [HK-2] [SEC-1]',
    async (api, stream) => {
      let [running, most, begun] = [0, 0, 0];
      const decide = async (): Promise<Verdict> => {
        running += 1;
        begun += 1;
        most = Math.max(most, running);
        await new Promise(setImmediate);
        running -= 1;
        return allow;
      };
      bench.decide({ rm: decide });
      const calls = (count: number): Item[] =>
        Array.from({ length: count }, (_, index) => call('rm', `c${index}`));
      bench.answers(calls(1_000), calls(1_001));
      expect((await ask(bench, api, { stream })).body.toString()).toContain('c999');
      expect(most).toBeLessThanOrEqual(16);
      const refused = await ask(bench, api, { stream });
      expect(refused.body.toString()).toContain('more than 1000 tool calls');
      // A stream is decided as it comes; of a whole answer the number is known before most of its hooks would start.
      if (!stream) expect(begun).toBeLessThanOrEqual(1_000 + 16);
    },
  );

  test('an end that comes twice is the end of our words as well [HK-2]', async () => {
    bench.decide({ rm: { kind: 'stop', reason: 'Stopped.' } });
    const item = { type: 'function_call', id: 'f1', call_id: 'c1', name: 'rm', arguments: '{}' };
    const end = { type: 'response.completed', response: { id: 'r', output: [item] } };
    const events = [{ type: 'response.output_item.done', output_index: 0, item }, end, end];
    bench.upstream.use(() => streams(events.map((event) => `data: ${JSON.stringify(event)}\n\n`)));
    const said = eventsOf(await ask(bench, 'responses')).filter(
      ({ type }) => type === 'response.output_text.done',
    );
    expect(said).toMatchObject([{ text: 'Stopped.' }]);
  });

  test('a later answer that is no stream is no answer to a stream [HK-2] [PX-4]', async () => {
    bench.decide({ rm: deny('no') });
    const json = Buffer.from('{"output":[]}');
    const headers = ['content-type', 'application/json'];
    bench.answers([call('rm', 'c1')], { kind: 'bytes', headers, pieces: [json] });
    const { body } = await ask(bench, 'responses');
    expect(body.toString()).toContain('upstream_unreadable');
  });

  test('a later answer that was cut off says so to a client without a stream [HK-2]', async () => {
    bench.decide({ rm: deny('no') });
    const message = {
      ...{ id: 'm1', type: 'message', role: 'assistant', model: 'm', stop_reason: 'max_tokens' },
      content: [{ type: 'text', text: 'I can' }],
    };
    bench.answers([call('rm', 'c1')], status(200, message));
    const { body } = await ask(bench, 'messages', { stream: false });
    expect(JSON.parse(body.toString())).toMatchObject(message);
  });

  test('a later answer that came encoded cannot be checked, and does not reach the client [HK-2]', async () => {
    bench.decide({ rm: deny('no') });
    const headers = ['content-type', 'text/event-stream', 'content-encoding', 'gzip'];
    bench.answers([call('rm', 'c1')], { kind: 'bytes', headers, pieces: [Buffer.from('data: {"x":1}\n\n')] });
    const { body } = await ask(bench, 'responses');
    expect(body.toString()).toContain('content-encoding \\"gzip\\"');
    expect(body.toString()).not.toContain('data: {"x":1}');
  });

  test.each([
    [400, 'invalid_prompt'],
    [404, 'invalid_prompt'],
    [408, 'stream_incomplete'],
    [429, 'stream_incomplete'],
    [500, 'stream_incomplete'],
    [503, 'stream_incomplete'],
  ])('a later %i is one that Codex ends with, or tries again: %s [HK-2] [PX-4]', async (code, expected) => {
    bench.decide({ rm: deny('no') });
    bench.answers([call('rm', 'c1')], status(code, { error: { message: 'the made-up reason' } }));
    expect(eventsOf(await ask(bench, 'responses', {}, codex)).at(-1)).toMatchObject({
      type: 'response.failed',
      response: {
        error: { code: expected, message: expect.stringContaining('the made-up reason') as unknown },
      },
    });
  });

  test('a check that fails lets nothing through, and its words stay here [HK-2]', async () => {
    bench.decide({ rm: () => Promise.reject(new Error('the checker broke')) });
    bench.answers([call('rm', 'c1')]);
    const { body } = await ask(bench, 'responses');
    expect(body.toString()).toContain('response.failed');
    expect(body.toString()).not.toContain('"rm"');
    expect(body.toString()).not.toContain('the checker broke');
  });

  test.each([true, false])(
    'several choices at once cannot be checked, and are refused (streamed: %s) [HK-2]',
    async (stream) => {
      bench.decide({ rm: allow });
      const calls = [{ index: 0, id: 'c1', type: 'function', function: { name: 'rm', arguments: '{}' } }];
      const said = stream ? { delta: { tool_calls: calls } } : { message: { tool_calls: calls } };
      const choices = [
        { index: 0, delta: {}, message: {}, finish_reason: null },
        { index: 1, ...said, finish_reason: null },
      ];
      const json = JSON.stringify({ id: 'x', choices });
      const headers = ['content-type', 'application/json'];
      bench.upstream.use(() =>
        stream ? streams([`data: ${json}\n\n`]) : { kind: 'bytes', headers, pieces: [Buffer.from(json)] },
      );
      const { body } = await ask(bench, 'chat', { n: 2, stream });
      expect(body.toString()).toContain('several choices');
      expect(body.toString()).not.toContain('"rm"');
    },
  );

  test('the deprecated way to call functions cannot be checked, and is refused [HK-2]', async () => {
    bench.decide({ rm: allow });
    const called = { name: 'rm', arguments: '{}' };
    const chunk = { id: 'x', choices: [{ index: 0, delta: { function_call: called }, finish_reason: null }] };
    bench.upstream.use(() => streams([`data: ${JSON.stringify(chunk)}\n\n`]));
    const { body } = await ask(bench, 'chat');
    expect(body.toString()).toContain('use tools in place of functions');
    expect(body.toString()).not.toContain('"function_call"');
  });

  test.each(['before the verdict', 'in a later round'])(
    'a client that leaves %s ends all that was begun for it [HK-2] [PX-4]',
    async (moment) => {
      const isEarly = moment === 'before the verdict';
      let asked = false;
      bench.decide({
        rm: () => {
          asked = true;
          return isEarly ? new Promise(() => undefined) : deny('no');
        },
      });
      bench.answers([call('rm', 'c1')], { kind: 'hang' });
      const socket = await openRaw(bench.middleware.port, requestTo('responses'));
      await once(socket, 'data');
      await until(() => asked && (isEarly || bench.upstream.requests.length === 2));
      socket.destroy();
      await until(() => bench.middleware.outcomes.at(-1)?.ending === 'client-left');
      if (!isEarly) expect(await bench.upstream.requests[1]?.closed).toBe(true);
    },
  );
});

describe('a question', () => {
  const question = 'Run it?\n\nAllow? (Y)es/(N)o/(A)lways';
  const asks: Verdict = { kind: 'ask', question, resolve: () => Promise.resolve() };

  function turn(metadata: object): readonly string[] {
    return ['x-codex-turn-metadata', JSON.stringify({ session_id: 's1', request_kind: 'turn', ...metadata })];
  }

  function user(words: string, id: string): Json {
    return { type: 'message', id, role: 'user', content: [{ type: 'input_text', text: words }] };
  }

  test.each([
    ['a run that nobody watches', { thread_source: 'user', turn_trigger: 'exec' }],
    ['a subagent', { thread_source: 'subagent' }],
  ])('is a refusal for the model in %s [HK-2]', async (_name, metadata) => {
    bench.decide({ rm: asks });
    bench.answers([call('rm', 'c1')], [text('Bye.')]);
    const { body } = await ask(bench, 'responses', {}, turn(metadata));
    expect(body.toString()).not.toContain('Run it?');
    const [kind, , output] = bench.sent(1).at(-1) ?? [];
    expect(kind).toBe('output');
    expect(output).toMatch(/^Run it\?\n\n.*nobody can be asked here/s);
    expect(output).not.toContain('Allow?');
  });

  test.each([
    ['y', 1],
    ['n', 3],
  ])(
    'that was answered with %s is answered the same again when the request comes again [HK-2]',
    async (word, requests) => {
      bench.decide({ rm: asks });
      bench.answers([call('rm', 'c1')], [text('Bye.')]);
      const codex = turn({ thread_source: 'user' });
      const first = user(`hi ${word}`, 'm1');
      const { output } = finalResponse(await ask(bench, 'responses', { input: [first] }, codex));
      const input = [first, ...(output as readonly Json[]), user(word, 'm2')];
      const again = [
        finalResponse(await ask(bench, 'responses', { input }, codex)),
        finalResponse(await ask(bench, 'responses', { input }, codex)),
      ];
      expect(bench.upstream.requests).toHaveLength(requests);
      expect(bench.upstream.requests[2]?.raw.toString()).toBe(bench.upstream.requests[1]?.raw.toString());
      const called = { type: 'function_call', name: 'rm', call_id: 'c1', arguments: '{}' };
      const expected = word === 'y' ? [called] : [{ type: 'message' }];
      for (const response of again) expect(response['output']).toMatchObject(expected);
    },
  );

  test('is known again by its words where a client keeps no ids [HK-2]', async () => {
    bench.decide({ rm: asks });
    bench.answers([call('rm', 'c1')], [text('Bye.')]);
    const first = { role: 'user', content: 'hi without ids' };
    await ask(bench, 'responses', { input: [first] });
    const said = { role: 'assistant', content: question };
    const response = finalResponse(
      await ask(bench, 'responses', { input: [first, said, { role: 'user', content: 'yes' }] }),
    );
    expect(response['output']).toMatchObject([{ type: 'function_call', call_id: 'c1' }]);
  });
});
