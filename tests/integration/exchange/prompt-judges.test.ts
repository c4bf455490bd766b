import { describe, expect, test } from '@jest/globals';
import { ranCommand } from '../../support/codex-turns.ts';
import { calls, says, status, streams } from '../../support/fake-upstream/step.ts';
import { judgedApis, textOf, useJudgeBench } from '../../support/judge-bench.ts';
import { madeUpJwt } from '../../support/made-up-jwt.ts';
import { headerOf, openRaw } from '../../support/raw-client.ts';
import { until } from '../../support/until.ts';

const bench = useJudgeBench();

const judging = { type: 'prompt', prompt: 'Is it about cats?' };
const no = '{"ok": false, "reason": "it is about dogs"}';

/** What a client's request carries that would tie another one to its conversation. */
const ofConversation = [
  ...['session-id', 's-1', 'thread-id', 't-1', 'x-client-request-id', 'r-1', 'idempotency-key', 'i-1'],
  ...['x-codex-turn-state', 'sticky', 'x-codex-window-id', 't-1:0', 'x-codex-routing-hint', 'model=m'],
  ...['traceparent', '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'],
];

describe.each(judgedApis)('a prompt hook over the %s API', (api) => {
  test('stops a prompt with the model’s reason; the model never gets to answer it [HK-1]', async () => {
    bench.judge(no);
    await bench.hook('UserPromptSubmit', judging);
    const answer = await bench.ask(api);
    expect(textOf(answer)).toBe('Operation stopped by hook: it is about dogs');
    expect(bench.asked()).toHaveLength(1);
    expect(bench.answered()).toHaveLength(0);
  });

  test('refuses a tool call and ends the turn; the client never sees the call [HK-1] [HK-2]', async () => {
    bench.judge(no);
    bench.model(() => calls('exec_command', { cmd: 'buy a dog' }));
    await bench.hook('PreToolUse', judging);
    const answer = await bench.ask(api);
    expect(textOf(answer)).toBe('PreToolUse:Bash hook error: [Is it about cats?]: it is about dogs');
    expect(answer.body.toString()).not.toContain('buy a dog');
    expect(bench.answered()).toHaveLength(1);
    expect(bench.asked().map(({ raw }) => raw.includes('buy a dog'))).toEqual([true]);
  });

  test('sends the model back to work until it is content [HK-1] [HK-2]', async () => {
    bench.judge(no, '```json\n{"ok": true}\n```');
    bench.model((_, index) => says(index === 0 ? 'woof' : 'meow'));
    await bench.hook('Stop', judging);
    expect(textOf(await bench.ask(api))).toContain('meow');
    expect(bench.answered().at(-1)?.raw.toString()).toContain(
      JSON.stringify('Stop hook feedback:\n[Is it about cats?]: it is about dogs').slice(1, -1),
    );
    expect(bench.asked().map(({ raw }) => raw.includes('meow'))).toEqual([false, true]);
  });

  test('lets things go on where the model answers nonsense, and says so in the log [HK-1]', async () => {
    bench.judge('Dogs are fine with me.');
    await bench.hook('UserPromptSubmit', judging);
    expect(textOf(await bench.ask(api))).toBe('hello');
    expect(bench.problems()).toEqual([
      'UserPromptSubmit hook [Is it about cats?] failed: the model answered with something else than {"ok": true} or {"ok": false, "reason": "…"}',
    ]);
  });

  test('asks in a conversation of its own, as the client, and of no other hook [HK-1]', async () => {
    await bench.hook('UserPromptSubmit', judging);
    await bench.ask(api, ['user-agent', 'codex_exec/0.169.0', ...ofConversation], {
      ...{ prompt_cache_key: 'cache-1', metadata: { user_id: 'u-1' } },
      ...(api === 'responses' && { previous_response_id: 'resp-1' }),
    });
    const [question] = bench.asked();
    expect(question?.json).toMatchObject({ model: 'm', stream: true });
    expect(question?.raw.toString()).toContain('Is it about cats?\\n\\nARGUMENTS: {');
    expect(question?.raw.toString()).not.toMatch(/cache-1|u-1|resp-1|"tools"/);
    const names = question?.rawHeaders
      .filter((_, index) => index % 2 === 0)
      .map((name) => name.toLowerCase());
    for (let i = 0; i < ofConversation.length; i += 2) expect(names).not.toContain(ofConversation[i]);
    expect(bench.upstream.requests).toHaveLength(2);
  });
});

describe('a prompt hook', () => {
  test('that hangs is given up at its time limit, with its call, and the prompt goes on [HK-4]', async () => {
    bench.judge({ kind: 'hang' });
    await bench.hook('UserPromptSubmit', { ...judging, timeout: 0.2 });
    expect(textOf(await bench.ask('responses'))).toBe('hello');
    expect(bench.problems()).toEqual([
      'UserPromptSubmit hook [Is it about cats?] failed: did not end within 0.2 s',
    ]);
    expect(await bench.asked()[0]?.closed).toBe(true);
  });

  test('ends with the client that leaves [HK-4] [PX-4]', async () => {
    bench.judge({ kind: 'hang' });
    await bench.hook('UserPromptSubmit', judging);
    const socket = await openRaw(bench.middleware.port, bench.request('responses'));
    await until(() => bench.asked().length === 1);
    socket.destroy();
    expect(await bench.asked()[0]?.closed).toBe(true);
    expect(bench.answered()).toHaveLength(0);
  });

  test('whose answer never ends is given up long before its time limit [HK-4]', async () => {
    const delta = `data: ${JSON.stringify({ type: 'response.output_text.delta', delta: 'x'.repeat(60_000) })}\n\n`;
    bench.judge({
      ...{ kind: 'bytes', headers: ['content-type', 'text/event-stream'], then: 'silence' },
      pieces: Array.from({ length: 40 }, () => Buffer.from(delta)),
    });
    await bench.hook('UserPromptSubmit', judging);
    expect(textOf(await bench.ask('responses'))).toBe('hello');
    expect(bench.problems()).toEqual([
      'UserPromptSubmit hook [Is it about cats?] failed: the answer of the model is too long',
    ]);
    expect(await bench.asked()[0]?.closed).toBe(true);
  });

  test.each([
    [
      'does not know',
      status(404, { error: { message: 'no such model' } }),
      'the model was not reached: status 404: no such model',
    ],
    ['cannot reach', { kind: 'reset' } as const, 'could not be reached: ECONNRESET'],
    [
      'gets no event stream from',
      status(200, 'Welcome!'),
      'the upstream answered with "text/html; charset=UTF-8"',
    ],
    [
      'gets half an answer from',
      streams(['data: {"type":"response.created"}\n\n']),
      'failed: the answer of the model broke off',
    ],
    [
      'sees fail',
      streams(['data: {"type":"response.failed","response":{"error":{"message":"overloaded"}}}\n\n']),
      'failed: the model failed: overloaded',
    ],
    [
      'sees cut off',
      streams(['data: {"type":"response.incomplete","response":{}}\n\n']),
      'failed: the answer of the model was cut off',
    ],
  ])('that %s its model says why, and lets things go on [HK-1]', async (_, step, reason) => {
    bench.judge(step);
    await bench.hook('UserPromptSubmit', { ...judging, model: 'gpt-5' });
    expect(textOf(await bench.ask('responses'))).toBe('hello');
    expect(bench.asked()[0]?.json).toMatchObject({ model: 'gpt-5' });
    expect(bench.problems().join()).toContain(reason);
  });

  test('uses tokens that are counted, and is not counted as a request of a client [HK-1]', async () => {
    await bench.hook('UserPromptSubmit', { ...judging, model: 'small' });
    await bench.ask('responses');
    const metrics = await (await fetch(`${bench.middleware.url}/metrics`)).text();
    expect(metrics).toContain(
      'codex_plus_tokens_total{model="small",provider="unknown",direction="output"} 10',
    );
    expect(metrics).not.toMatch(/requests_total\{.*model="small"/);
  });

  test('of a project runs after it was allowed, and not before [HK-3]', async () => {
    bench.judge(no);
    await bench.hook('UserPromptSubmit', judging, {}, 'project/.claude/settings.json');
    expect(textOf(await bench.ask('responses'))).toContain('Allow?');
    expect(bench.asked()).toHaveLength(0);
  });
});

test('a prompt hook that refuses one of several calls ends the turn behind the others, and the next goes on [HK-1] [HK-2]', async () => {
  bench.judgeEach(({ raw }) => (raw.includes('a dog') ? no : '{"ok": true}'));
  const call = (cmd: string, callId: string) =>
    ({ kind: 'call', name: 'exec_command', arguments: { cmd }, callId }) as const;
  bench.model((_, index) =>
    index === 0
      ? { kind: 'answer', items: [call('buy a cat', 'c1'), call('buy a dog', 'c2')] }
      : says('meow'),
  );
  await bench.hook('PreToolUse', judging);
  const session = ['session-id', 's-1'];
  const first = (await bench.ask('responses', session)).body.toString();
  expect([first.includes('buy a cat'), first.includes('buy a dog')]).toEqual([true, false]);
  const conversation = [{ role: 'user', content: 'hi' }, ...ranCommand('buy a cat', 'c1')];
  const ended = await bench.ask('responses', session, { input: conversation });
  expect(textOf(ended)).toBe('PreToolUse:Bash hook stopped continuation: it is about dogs');
  const next = [...conversation, { role: 'user', content: 'go on' }];
  expect(textOf(await bench.ask('responses', session, { input: next }))).toBe('meow');
});

describe('a prompt hook for a ChatGPT login', () => {
  const login = ['authorization', `Bearer ${madeUpJwt()}`, 'chatgpt-account-id', 'acc-1'];
  const codex = ['originator', 'codex_exec', 'version', '0.169.0', 'user-agent', 'codex_exec/0.169.0 (x)'];

  test('asks the ChatGPT backend with that login, in the form that it takes [HK-1] [RT-2]', async () => {
    await bench.hook('UserPromptSubmit', judging);
    await bench.ask('responses', [...login, ...codex, ...ofConversation], { store: false });
    const [question] = bench.asked();
    expect(question?.url).toBe('/backend-api/codex/responses');
    expect(question?.json).toEqual({
      model: 'm',
      instructions: expect.stringContaining('{"ok": true}'),
      input: [
        {
          ...{ type: 'message', role: 'user' },
          content: [
            { type: 'input_text', text: expect.stringMatching(/^Is it about cats\?\n\nARGUMENTS: \{/) },
          ],
        },
      ],
      stream: true,
      store: false,
      include: ['reasoning.encrypted_content'],
    });
    for (const headers of [login, codex])
      for (let i = 0; i < headers.length; i += 2)
        expect(headerOf(question?.rawHeaders ?? [], headers[i] ?? '')).toBe(headers[i + 1]);
    const names = question?.rawHeaders.map((name) => name.toLowerCase());
    for (let i = 0; i < ofConversation.length; i += 2) expect(names).not.toContain(ofConversation[i]);
  });

  test('writes as Codex does where the model is served in its light form, and another model as usual [HK-1] [RT-2]', async () => {
    const lite = ['x-openai-internal-codex-responses-lite', 'true'];
    await bench.hook('UserPromptSubmit', judging);
    await bench.ask('responses', [...login, ...codex, ...lite]);
    const [first] = bench.asked();
    expect(first?.rawHeaders).toEqual(expect.arrayContaining(lite));
    expect(first?.json).not.toHaveProperty('instructions');
    expect(first?.json?.['input']).toMatchObject([{ role: 'developer' }, { role: 'user' }]);
    await bench.hook('UserPromptSubmit', { ...judging, model: 'other' });
    await until(async () => {
      await bench.ask('responses', [...login, ...codex, ...lite]);
      return bench.asked().at(-1)?.json?.['model'] === 'other';
    });
    expect(bench.asked().at(-1)?.rawHeaders).not.toContain(lite[0]);
    expect(bench.asked().at(-1)?.json).toHaveProperty('instructions');
  });
});

test('a hook of Codex itself has no request to ask a model for, and says so [HK-5]', async () => {
  await bench.hook('PreToolUse', judging);
  const body = {
    ...{ jsonrpc: '2.0', id: 1, method: 'tools/call' },
    params: {
      name: 'hook',
      arguments: {
        ...{ hook_event_name: 'PreToolUse', session_id: 's', cwd: bench.workspace, tool_name: 'Bash' },
        ...{ tool_input: '{"command":"ls"}', tool_use_id: 'c1' },
      },
    },
  };
  const answer = await fetch(`${bench.middleware.url}/mcp`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'text/event-stream, application/json',
      'mcp-protocol-version': '2025-06-18',
    },
    body: JSON.stringify(body),
  });
  await answer.text();
  expect(bench.problems()).toEqual([
    'PreToolUse:Bash hook [Is it about cats?] failed: no model can be asked here: the hook runs for no request of a client',
  ]);
  expect(bench.asked()).toHaveLength(0);
});
