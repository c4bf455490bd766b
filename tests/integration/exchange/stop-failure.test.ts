import { once } from 'node:events';
import { describe, expect, test } from '@jest/globals';
import { codexTurn, user, type Item } from '../../support/codex-turns.ts';
import { says, status, streams, type Step } from '../../support/fake-upstream/step.ts';
import { callRaw, openRaw } from '../../support/raw-client.ts';
import { until } from '../../support/until.ts';
import { useWholeBench } from '../../support/whole-bench.ts';
import { lookedAgain } from '../../support/test-clock.ts';

const bench = useWholeBench();

const turn = (metadata: object = {}, stream = true): Promise<string> =>
  codexTurn(bench.middleware.port, {
    ...{ session: 's1', workspace: bench.workspace, metadata, stream },
    input: [user('hi', 'm1')],
  });

/** The failures that hooks heard of, when there are so many. */
async function failures(count = 1): Promise<readonly Item[]> {
  await until(async () => (await bench.kept('failures')).length >= count);
  return bench.kept('failures');
}

async function listen(more: Readonly<Record<string, string>> = {}): Promise<void> {
  await bench.hooks({ StopFailure: bench.keeps('failures'), Stop: bench.keeps('stops'), ...more });
}

const event = (data: object): string => `data: ${JSON.stringify(data)}\n\n`;
const begun = event({ type: 'response.created', response: { id: 'r', output: [] } });

describe('an answer that failed is told to hooks in place of its end:', () => {
  test.each<[string, Step, string, string]>([
    [
      'refused with the message of the upstream',
      status(400, { error: { message: 'bad thing', type: 'invalid_request_error' } }),
      ...(['unknown', 'API Error: 400 bad thing'] as const),
    ],
    [
      'over a limit',
      status(429, { error: { message: 'slow down' } }),
      ...(['rate_limit', 'API Error: 429 slow down'] as const),
    ],
    [
      'refused without a message',
      status(401, '<html>'),
      ...([
        'authentication_failed',
        'API Error: the provider refused the key that Codex-Plus has for "gpt-5" (OPENAI_API_KEY): the provider answered with the status 401 and a page',
      ] as const),
    ],
    [
      'failed in the stream',
      streams([
        begun,
        event({
          type: 'response.failed',
          response: { id: 'r', error: { code: 'server_error', message: 'it broke' } },
        }),
      ]),
      ...(['server_error', 'API Error: it broke'] as const),
    ],
    [
      'broken off',
      streams([begun], { then: 'reset' }),
      ...(['server_error', expect.stringMatching(/^API Error: ./) as unknown as string] as const),
    ],
    [
      'without an end',
      streams([begun]),
      ...(['server_error', 'API Error: the upstream ended its answer before it was complete'] as const),
    ],
  ])('%s [HK-1]', async (_what, step, error, message) => {
    await listen();
    bench.answers(step);
    const before = await turn();
    const told = { hook_event_name: 'StopFailure', session_id: 's1', error, last_assistant_message: message };
    expect(await failures()).toMatchObject([told]);
    expect(await bench.kept('stops')).toEqual([]);
    // The client gets the failure as it would without hooks.
    await bench.hooks({});
    lookedAgain();
    expect(await turn()).toBe(before);
  });

  test('JSON that says so, and an upstream that cannot be reached [HK-1]', async () => {
    await listen();
    const failed = {
      id: 'r',
      status: 'failed',
      output: [],
      error: { code: 'rate_limit_exceeded', message: 'no' },
    };
    bench.answers(status(200, failed));
    await turn({}, false);
    expect(await failures()).toMatchObject([
      { error: 'rate_limit', last_assistant_message: 'API Error: no' },
    ]);
    bench.answers({ kind: 'reset' });
    await turn();
    expect((await failures(2)).at(-1)).toMatchObject({ error: 'server_error' });
  });

  test('a later round that is over a limit [HK-1]', async () => {
    await bench.hooks({ StopFailure: bench.keeps('failures'), Stop: 'echo go on >&2; exit 2' });
    bench.answers(
      [{ kind: 'text', text: 'Done.' }],
      status(429, { error: { message: 'slow down', code: 'rate_limit_exceeded' } }),
    );
    await turn();
    expect(await failures()).toMatchObject([
      { error: 'rate_limit', last_assistant_message: expect.stringContaining('slow down') },
    ]);
  });

  test('an error of each other API [HK-1]', async () => {
    await listen();
    const headers = ['x-codex-plus-workspace', bench.workspace, 'content-type', 'application/json'];
    const messages = [{ role: 'user', content: 'hi' }];
    const told = [
      [
        '/v1/chat/completions',
        event({ error: { message: 'one', code: 'rate_limit_exceeded' } }),
        'rate_limit',
      ],
      [
        '/v1/messages',
        `event: error\n${event({ type: 'error', error: { type: 'overloaded_error', message: 'two' } })}`,
        'server_error',
      ],
    ] as const;
    for (const [index, [path, frame, error]] of told.entries()) {
      bench.answers(streams([frame]));
      const body = JSON.stringify({ model: 'm', stream: true, max_tokens: 9, messages });
      await callRaw(bench.middleware.port, { path, headers, body });
      const message = `API Error: ${['one', 'two'][index] ?? ''}`;
      expect((await failures(index + 1)).at(-1)).toMatchObject({ error, last_assistant_message: message });
    }
  });

  test('once, where the model fails after hooks sent it back to work [HK-1]', async () => {
    await listen({ Stop: 'echo more >&2; exit 2' });
    bench.answers(says('one'), status(500, { error: { message: 'no' } }));
    expect(await turn()).toContain('response.failed');
    expect(await failures()).toHaveLength(1);
  });
});

describe('no hook hears of', () => {
  test('answers that are whole, of subagents, or whose client left [HK-1]', async () => {
    await listen();
    bench.answers(says('hello'));
    await turn();
    bench.answers(status(500, { error: { message: 'no' } }));
    await turn({ thread_source: 'subagent', thread_id: 't2' });
    bench.answers(streams([begun], { then: 'silence' }));
    const headers = ['x-codex-plus-workspace', bench.workspace, 'content-type', 'application/json'];
    const body = JSON.stringify({ model: 'm', stream: true, input: 'hi' });
    const socket = await openRaw(bench.middleware.port, { path: '/v1/responses', headers, body });
    await once(socket, 'data');
    socket.destroy();
    await bench.upstream.requests.at(-1)?.closed;
    // A hook that were told of those before would have begun by the time that this one has ended.
    bench.answers(status(429, { error: { message: 'slow down' } }));
    await turn();
    expect(await failures()).toMatchObject([{ error: 'rate_limit' }]);
  });

  test('failures of another kind than its matcher says [HK-1]', async () => {
    const command = bench.keeps('failures');
    await bench.hooks({ StopFailure: { matcher: 'rate_limit', command } });
    for (const code of [500, 429]) {
      bench.answers(status(code, { error: { message: 'no' } }));
      await turn();
    }
    expect(await failures()).toMatchObject([{ error: 'rate_limit' }]);
  });
});
