import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { ranCommand, user, type Item } from '../../support/codex-turns.ts';
import { contextOf, developer, useHookBench } from '../../support/hook-bench.ts';
import { lookedAgain } from '../../support/test-clock.ts';

const bench = useHookBench();

/** Calls our tool as the hook does that `init` writes: every field a text, objects as JSON. */
async function native(fields: Readonly<Record<string, unknown>>): Promise<unknown> {
  const told = {
    session_id: bench.session,
    turn_id: 't1',
    cwd: bench.workspace,
    model: 'gpt-5',
    permission_mode: 'default',
  };
  const filled = Object.entries({ ...told, ...fields }).map(([name, value]) => [
    name,
    typeof value === 'string' ? value : JSON.stringify(value),
  ]);
  const answer = await fetch(`http://127.0.0.1:${bench.middleware.port}/mcp`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'text/event-stream, application/json',
      'mcp-protocol-version': '2025-06-18',
    },
    body: JSON.stringify({
      ...{ jsonrpc: '2.0', id: 1, method: 'tools/call' },
      params: { name: 'hook', arguments: Object.fromEntries(filled) as object },
    }),
  });
  const text = await answer.text();
  const json = text.startsWith('{') ? text : (/^data: (.*)$/m.exec(text)?.[1] ?? '');
  const { result } = JSON.parse(json) as { result: { content: [{ text: string }] } };
  const said = result.content[0].text;
  return said === '' ? undefined : JSON.parse(said);
}

const before = { hook_event_name: 'PreToolUse', tool_name: 'Bash', tool_input: { command: 'rm x' } };
const after = {
  hook_event_name: 'PostToolUse',
  tool_name: 'Bash',
  tool_input: { command: 'ls' },
  tool_response: 'a file',
};

describe('a hook of Codex', () => {
  test('has calls that never crossed the wire decided by rules and hooks, in its own form [HK-5] [SEC-1]', async () => {
    await bench.hooks({ PreToolUse: bench.keeps('in') }, undefined, {
      permissions: { deny: ['Bash(rm:*)'] },
    });
    expect(await native({ ...before, tool_use_id: 'n1' })).toEqual({
      hookSpecificOutput: {
        hookEventName: 'PreToolUse',
        permissionDecision: 'deny',
        permissionDecisionReason: 'Permission to use Bash with command rm x has been denied.',
      },
    });
    expect(await native({ ...before, tool_use_id: 'n2', tool_input: { command: 'ls' } })).toBeUndefined();
    expect(await bench.kept('in')).toMatchObject([
      { tool_input: { command: 'rm x' } },
      { tool_input: { command: 'ls' } },
    ]);
  });

  test('is answered at once for a call that was decided in the stream [HK-5]', async () => {
    await bench.hooks({ PreToolUse: `${bench.keeps('in')}; exit 2` });
    await bench.turn([user('hi', 'm1')]);
    const call = { kind: 'function', name: 'exec_command', namespace: undefined } as const;
    await bench.middleware.checks()?.check({ ...call, callId: 'c1', input: '{"cmd":"rm x"}' });
    expect(await native({ ...before, tool_use_id: 'c1' })).toBeUndefined();
    expect(await bench.kept('in')).toHaveLength(1);
  });

  test('has each output told once: here, or with the next request [HK-5]', async () => {
    await bench.hooks({ PostToolUse: `${bench.keeps('in')}; echo '${contextOf('PostToolUse', 'good')}'` });
    await bench.turn([user('hi', 'm1')]);
    expect(await native({ ...after, tool_use_id: 'c1' })).toEqual({
      hookSpecificOutput: {
        hookEventName: 'PostToolUse',
        additionalContext: 'PostToolUse:Bash hook additional context: good',
      },
    });
    const input = [user('hi', 'm1'), ...ranCommand('ls', 'c1')];
    await bench.turn(input);
    expect(bench.sent()).toEqual(input);
    await bench.turn([...input, ...ranCommand('ls', 'c2')]);
    expect(bench.sent().at(-1)).toEqual(developer('PostToolUse:Bash hook additional context: good'));
    expect(await native({ ...after, tool_use_id: 'c2' })).toBeUndefined();
    expect(await bench.kept('in')).toMatchObject([
      { tool_response: { stdout: 'a file', stderr: '' } },
      { tool_use_id: 'c2' },
    ]);
  });

  test('leaves the output to the next request, which has how the command ended and what else was called [HK-5] [HK-1]', async () => {
    const told = ['PostToolUse', 'PostToolUseFailure', 'PostToolBatch'];
    await bench.hooks(Object.fromEntries(told.map((event) => [event, bench.keeps('in')])));
    await bench.turn([user('hi', 'm1')], { turn_id: 't1' });
    expect(await native({ ...after, tool_use_id: 'c1' })).toBeUndefined();
    expect(await native({ ...after, tool_use_id: 'c2' })).toBeUndefined();
    const ran = [ranCommand('ls', 'c1', 0, 'a file'), ranCommand('make', 'c2', 2, 'no rule')];
    const items = [0, 1].flatMap((part) => ran.flatMap((pair) => pair.slice(part, part + 1)));
    await bench.turn([user('hi', 'm1'), ...items], { turn_id: 't1' });
    const events = new Map((await bench.kept('in')).map((event) => [event['hook_event_name'], event]));
    expect(told.map((event) => events.get(event))).toMatchObject([
      { tool_use_id: 'c1', tool_response: { stdout: 'a file' }, duration_ms: 323 },
      { tool_use_id: 'c2', error: 'Exit code 2\nno rule', duration_ms: 323 },
      { tool_calls: [{ tool_use_id: 'c1' }, { tool_use_id: 'c2' }] },
    ]);
  });

  test.each<readonly [string, object, object]>([
    ['a new prompt, after the user stopped the turn', { turn_id: 't2' }, user('more', 'm2')],
    ['a compaction', { turn_id: 't1', request_kind: 'compaction' }, user('Sum it up.', 'm3')],
  ])(
    'leaves the output to the next request also where that is %s [HK-5] [HK-1]',
    async (_, metadata, item) => {
      const stops = `${bench.keeps('in')}; echo '{"continue": false, "stopReason": "enough"}'`;
      await bench.hooks({ PostToolUse: stops, PostToolUseFailure: bench.keeps('in') });
      await bench.turn([user('hi', 'm1')], { turn_id: 't1' });
      await native({ ...after, tool_use_id: 'c1' });
      await native({ ...after, tool_use_id: 'c2' });
      const ran = [ranCommand('ls', 'c1', 0, 'a file'), ranCommand('make', 'c2', 2, 'no rule')];
      const items = [0, 1].flatMap((part) => ran.flatMap((pair) => pair.slice(part, part + 1)));
      const input = [user('hi', 'm1'), ...items, item as Item];
      for (let request = 0; request < 2; request += 1) {
        await bench.turn(input, metadata);
        expect(bench.sent()).toEqual(input);
      }
      const events = await bench.kept('in');
      expect(new Set(events.map(({ tool_use_id: id }) => id))).toEqual(new Set(['c1', 'c2']));
      expect(events).toHaveLength(2);
    },
  );

  test.each([
    ['a call of code, which no request has', 'exec-1', 't1'],
    ['a call of a turn whose requests go elsewhere', 'c1', 't2'],
  ])('tells the output of %s at once, in the shape of the tool [HK-5]', async (_, id, turn) => {
    await bench.hooks({ PreToolUse: bench.keeps('pre'), PostToolUse: bench.keeps('in') });
    await bench.turn([user('hi', 'm1')], { turn_id: 't1' });
    const call = { tool_use_id: id, turn_id: turn };
    await native({ ...before, ...call, tool_input: { command: 'ls' } });
    lookedAgain();
    await native({ ...after, ...call, tool_response: '{"a":1}\n' });
    const [event] = await bench.kept('in');
    expect(event).toMatchObject({ tool_response: { stdout: '{"a":1}', stderr: '' } });
    expect(event?.['duration_ms']).toBeGreaterThanOrEqual(1_000);
  });

  test('tells the output of a patch without what Codex says of its end, and that of another tool as it is [HK-5]', async () => {
    await bench.hooks({ PostToolUse: bench.keeps('in') });
    const command = '*** Begin Patch\n*** Add File: a\n+x\n*** End Patch\n';
    await native({
      ...{ ...after, tool_name: 'apply_patch', tool_use_id: 'exec-1', tool_input: { command } },
      tool_response: 'Exit code: 0\nWall time: 0 seconds\nOutput:\nSuccess.\n',
    });
    await native({
      ...{ ...after, tool_name: 'mcp__a__b', tool_use_id: 'exec-2', tool_input: {} },
      tool_response: { content: [] },
    });
    expect(await bench.kept('in')).toMatchObject([
      { tool_response: { output: 'Success.\n' } },
      { tool_response: { content: [] } },
    ]);
  });

  test('is answered at once for what code of the model was allowed to do, each time that it was; not for what was refused [HK-5]', async () => {
    await bench.hooks({ PreToolUse: bench.keeps('in'), PostToolUse: bench.keeps('in') }, undefined, {
      permissions: { deny: ['Bash(rm:*)'] },
    });
    await bench.turn([user('hi', 'm1')]);
    const exec = { kind: 'custom', name: 'exec', namespace: undefined } as const;
    const code = (cmd: string): string =>
      `const r = await tools.exec_command({cmd: '${cmd}'}); text(r.output);`;
    const checks = bench.middleware.checks();
    await checks?.check({ ...exec, callId: 'c1', input: code('ls') });
    await checks?.check({ ...exec, callId: 'c2', input: code('rm x') });
    const told = (await bench.kept('in')).length;
    const ls = { ...before, tool_input: { command: 'ls' } };
    expect(await native({ ...ls, tool_use_id: 'n1' })).toBeUndefined();
    expect(await bench.kept('in')).toHaveLength(told);
    expect(JSON.stringify(await native({ ...before, tool_use_id: 'n2' }))).toContain('deny');
    await native({ ...ls, tool_use_id: 'n3' });
    expect(await bench.kept('in')).toHaveLength(told + 2);

    await native({ ...after, tool_use_id: 'n1' });
    const call = { type: 'custom_tool_call', id: 'i1', call_id: 'c1', name: 'exec', input: code('ls') };
    const output = { type: 'custom_tool_call_output', id: 'o1', call_id: 'c1', output: 'a file' };
    await bench.turn([user('hi', 'm1'), call, output]);
    const outputs = (await bench.kept('in')).filter((item) => item['hook_event_name'] === 'PostToolUse');
    expect(outputs).toMatchObject([{ tool_use_id: 'n1', tool_name: 'Bash' }]);
  });

  test('is answered at once for what the user said yes to in code, and decides what was not to be seen in it [HK-5] [SEC-1]', async () => {
    await bench.file(
      'home/.claude/settings.json',
      JSON.stringify({ permissions: { ask: ['Bash(git push:*)'], deny: ['Bash(rm:*)'] } }),
    );
    await bench.turn([user('hi', 'm1')]);
    const code = 'await tools.exec_command({cmd: "git push"}); await tools.exec_command({cmd: next})';
    const verdict = await bench.middleware
      .checks()
      ?.check({ kind: 'custom', name: 'exec', namespace: undefined, callId: 'c1', input: code });
    if (verdict?.kind !== 'ask') throw new Error(verdict?.kind);
    const push = { ...before, tool_input: { command: 'git push' } };
    await verdict.resolve('no');
    expect(JSON.stringify(await native({ ...push, tool_use_id: 'n0' }))).toContain('deny');
    await verdict.resolve('yes');
    expect(await native({ ...push, tool_use_id: 'n1' })).toBeUndefined();
    expect(JSON.stringify(await native({ ...before, tool_use_id: 'n2' }))).toContain('deny');
  });

  test('that would have to ask refuses, for a turn that is under way has nobody to answer [HK-5]', async () => {
    await bench.file('home/.claude/settings.json', JSON.stringify({ permissions: { ask: ['Bash(rm:*)'] } }));
    const answer = await native({ ...before, tool_use_id: 'n1' });
    expect(JSON.stringify(answer)).toContain('"permissionDecision":"deny"');
  });

  test('tells a patch as the files that it writes, before and after, to rules and to hooks with a matcher [HK-5] [SEC-1]', async () => {
    await bench.hooks(
      {
        PreToolUse: { matcher: 'Edit|Write', command: bench.keeps('in') },
        PostToolUse: { matcher: 'Edit|Write', command: bench.keeps('in') },
      },
      undefined,
      { permissions: { deny: ['Edit(secrets/**)'] } },
    );
    const add = (path: string): object => ({
      ...{ tool_name: 'apply_patch', tool_use_id: path },
      tool_input: { command: `*** Begin Patch\n*** Add File: ${path}\n+a\n*** End Patch\n` },
    });
    expect(JSON.stringify(await native({ ...before, ...add('secrets/a') }))).toContain('deny');
    expect(await native({ ...before, ...add('b') })).toBeUndefined();
    expect(await native({ ...after, ...add('b') })).toBeUndefined();
    const file = (path: string): object => ({ file_path: join(bench.workspace, path), content: 'a\n' });
    expect(await bench.kept('in')).toMatchObject([
      { hook_event_name: 'PreToolUse', tool_name: 'Write', tool_input: file('secrets/a') },
      { hook_event_name: 'PreToolUse', tool_name: 'Write', tool_input: file('b') },
      { hook_event_name: 'PostToolUse', tool_name: 'Write', tool_input: file('b') },
    ]);
  });

  test('has a patch changed in its own form, and refused where it has no place for the change [HK-5]', async () => {
    const add = '*** Begin Patch\n*** Add File: a\n+x\n*** End Patch';
    const told = { ...before, tool_name: 'apply_patch', tool_input: { command: add } };
    const rewrites = (updatedInput: object): string =>
      `printf %s '${JSON.stringify({ hookSpecificOutput: { hookEventName: 'PreToolUse', updatedInput } })}'`;
    await bench.hooks({ PreToolUse: rewrites({ file_path: 'b', content: 'y\n' }) });
    expect(await native({ ...told, tool_use_id: 'n1' })).toMatchObject({
      hookSpecificOutput: {
        permissionDecision: 'allow',
        updatedInput: { command: add.replace(' a\n+x', ' b\n+y') },
      },
    });
    await bench.hooks({ PreToolUse: rewrites({ file_path: 'b', content: 'y', mode: 'x' }) });
    lookedAgain();
    expect(await native({ ...told, tool_use_id: 'n2' })).toMatchObject({
      hookSpecificOutput: {
        permissionDecision: 'deny',
        permissionDecisionReason: 'apply_patch has no place for "mode"',
      },
    });
  });

  test('has the input of another tool changed in its own form as well [HK-5]', async () => {
    const told = { ...before, tool_name: 'view_image', tool_input: { path: 'a.png', detail: 'high' } };
    const rewrites = (updatedInput: object): string =>
      `printf %s '${JSON.stringify({ hookSpecificOutput: { hookEventName: 'PreToolUse', updatedInput } })}'`;
    await bench.hooks({ PreToolUse: rewrites({ file_path: 'b.png' }) });
    expect(await native({ ...told, tool_use_id: 'n1' })).toMatchObject({
      hookSpecificOutput: {
        permissionDecision: 'allow',
        updatedInput: { path: 'b.png', detail: 'high' },
      },
    });
    await bench.hooks({ PreToolUse: rewrites({ file_path: 'b.png', limit: 1 }) });
    lookedAgain();
    expect(await native({ ...told, tool_use_id: 'n2' })).toMatchObject({
      hookSpecificOutput: {
        permissionDecision: 'deny',
        permissionDecisionReason: 'view_image has no place for "limit"',
      },
    });
    await bench.hooks({ PreToolUse: rewrites({ word: 'two' }) });
    lookedAgain();
    expect(
      await native({ ...told, tool_name: 'mcp__a__say', tool_input: { word: 'one' }, tool_use_id: 'n3' }),
    ).toMatchObject({ hookSpecificOutput: { permissionDecision: 'allow', updatedInput: { word: 'two' } } });
  });

  test('without an id of its call is decided every time, and an unknown event says nothing [HK-5]', async () => {
    await bench.hooks({ PreToolUse: bench.keeps('in') });
    await native(before);
    await native(before);
    expect(await native({ hook_event_name: 'Interrupt' })).toBeUndefined();
    expect(await bench.kept('in')).toHaveLength(2);
  });

  test('cannot change an output; what a hook of ours makes of it is in the next request [HK-5] [HK-1]', async () => {
    const updatedToolOutput = { stdout: 'hidden', stderr: '', interrupted: false };
    const specific = { hookEventName: 'PostToolUse', updatedToolOutput };
    await bench.hooks({ PostToolUse: `echo '${JSON.stringify({ hookSpecificOutput: specific })}'` });
    await bench.turn([user('hi', 'm1')]);
    expect(await native({ ...after, tool_use_id: 'c1' })).toBeUndefined();
    const [call, output] = ranCommand('ls', 'c1', 0, 'a file');
    for (let request = 0; request < 2; request += 1) {
      await bench.turn([user('hi', 'm1'), call!, output!]);
      const text = String(output?.['output']).replace('a file', 'hidden');
      expect(bench.sent().at(-1)).toEqual({ ...output, output: text });
    }
  });
});
