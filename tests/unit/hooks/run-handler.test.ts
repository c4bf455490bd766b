import { describe, expect, test } from '@jest/globals';
import type { HookEffects } from '../../../middleware/features/hooks/hook-effects.ts';
import { beforeBash, hooksOf } from '../../support/made-up-hooks.ts';
import { nothing, startHooks } from '../../support/start-hooks.ts';

describe('http hooks', () => {
  const http = (more: object = {}) =>
    hooksOf({ PreToolUse: [{ hooks: [{ type: 'http', url: 'http://h/', ...more }] }] });
  const answers = (body: string, status = 200, isCut = false) => ({
    post: () => Promise.resolve({ status, body, isCut }),
  });

  test('get the JSON of the input, and headers with the variables that they may see [HK-1]', async () => {
    const seen: Parameters<HookEffects['post']>[0][] = [];
    await startHooks({
      entries: http({
        headers: { 'x-key': 'k $KEY ${KEY}', 'x-other': '<$OTHER>' },
        allowedEnvVars: ['KEY'],
      }),
      env: { KEY: 'secret', OTHER: 'not this' },
      post: (request) => {
        seen.push(request);
        return Promise.resolve({ status: 200, body: '', isCut: false });
      },
    }).outcome;
    expect(seen).toEqual([
      {
        url: 'http://h/',
        headers: { 'content-type': 'application/json', 'x-key': 'k secret secret', 'x-other': '<>' },
        body: JSON.stringify(beforeBash('ls')),
        signal: expect.any(AbortSignal),
        maxAnswerBytes: 65_536,
      },
    ]);
  });

  test('decide with a JSON object, and with nothing decide nothing [HK-1]', async () => {
    const refusing = startHooks({ entries: http(), ...answers('{"decision":"block","reason":"no"}', 201) });
    expect((await refusing.outcome).refusal).toBe('PreToolUse:Bash hook error: no');
    expect(await startHooks({ entries: http(), ...answers(' ') }).outcome).toEqual(nothing);
  });

  test.each([
    ['text', answers('OK'), 'answered with something else than a JSON object'],
    ['another status', answers('{"decision":"block"}', 500), 'answered with status 500'],
    [
      'no connection',
      { post: () => Promise.reject(new Error('connect ECONNREFUSED')) },
      'connect ECONNREFUSED',
    ],
    [
      'an answer that is too long',
      answers('{"decision":"blo', 200, true),
      'its JSON answer is not valid: it is longer than the limit for output',
    ],
  ])('fail with %s, and let things go on [HK-1]', async (_, given, error) => {
    expect(await startHooks({ entries: http(), ...given }).outcome).toEqual({
      ...nothing,
      problems: [`PreToolUse:Bash hook [http://h/] failed: ${error}`],
    });
  });

  test('fail closed where they have onFailure: "block" [HK-1]', async () => {
    const { outcome } = startHooks({ entries: http({ onFailure: 'block' }), ...answers('', 500) });
    expect((await outcome).refusal).toBe('PreToolUse:Bash hook error: [http://h/]: answered with status 500');
  });

  test('that do not answer are given up at their time limit, heeded or not [HK-4]', async () => {
    const { outcome } = startHooks({
      entries: http({ timeout: 0.02 }),
      post: () => new Promise(() => undefined),
    });
    expect((await outcome).problems).toEqual([
      'PreToolUse:Bash hook [http://h/] failed: did not end within 0.02 s',
    ]);
  });

  test('end with the exchange, before and after they start [HK-1]', async () => {
    const exchange = new AbortController();
    const post = () => new Promise<never>(() => undefined);
    const during = startHooks({ entries: http(), signal: exchange.signal, post });
    exchange.abort();
    const after = startHooks({ entries: http(), signal: exchange.signal });
    const problems = ['PreToolUse:Bash hook [http://h/] failed: was stopped'];
    expect([(await during.outcome).problems, (await after.outcome).problems]).toEqual([problems, problems]);
  });
});

describe('other kinds', () => {
  test('an MCP tool is called with the input filled in, and its text read as an answer [HK-1]', async () => {
    const input = {
      text: 'ran ${tool_input.command} by ${tool_name}',
      list: ['${tool_input}', '${none}', 1],
    };
    const entries = hooksOf({
      PreToolUse: [{ hooks: [{ type: 'mcp_tool', server: 'notes', tool: 'add', input }] }],
    });
    const calls: unknown[] = [];
    const { outcome } = startHooks({
      entries,
      callMcpTool: ({ signal: _, ...call }) => {
        calls.push(call);
        return Promise.resolve({ text: '{"systemMessage":"noted"}', isError: false });
      },
    });
    expect((await outcome).messages).toEqual(['PreToolUse:Bash says: noted']);
    expect(calls).toEqual([
      {
        server: 'notes',
        tool: 'add',
        input: { text: 'ran ls by Bash', list: ['{"command":"ls"}', '', 1] },
      },
    ]);
    const failing = startHooks({
      entries,
      callMcpTool: () => Promise.resolve({ text: 'no server', isError: true }),
    });
    expect((await failing.outcome).problems).toEqual([
      'PreToolUse:Bash hook [mcp__notes__add] failed: no server',
    ]);
  });

  test.each([
    ['Is it safe?', (json: string) => `Is it safe?\n\nARGUMENTS: ${json}`],
    ['Look: $ARGUMENTS!', (json: string) => `Look: ${json}!`],
  ])(
    'the prompt %j is asked with the input, and an objection refuses and ends the turn [HK-1]',
    async (prompt, filled) => {
      const asked: unknown[] = [];
      const { outcome } = startHooks({
        entries: hooksOf({ PreToolUse: [{ hooks: [{ type: 'prompt', prompt, model: 'small' }] }] }),
        openTalk: ({ signal: _, instructions: __, ...question }) => {
          asked.push(question);
          return { next: () => Promise.resolve({ text: '{"ok":false,"reason":"no"}', calls: [] }) };
        },
      });
      expect(await outcome).toMatchObject({
        refusal: `PreToolUse:Bash hook error: [${prompt}]: no`,
        stop: 'PreToolUse:Bash hook stopped continuation: no',
      });
      expect(asked).toEqual([
        { prompt: filled(JSON.stringify(beforeBash('ls'))), model: 'small', tools: [] },
      ]);
    },
  );
});
