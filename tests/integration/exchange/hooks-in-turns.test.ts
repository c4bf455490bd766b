import { describe, expect, test } from '@jest/globals';
import { codexBody, ranCommand, user } from '../../support/codex-turns.ts';
import { developer, useHookBench } from '../../support/hook-bench.ts';
import { lookedAgain } from '../../support/test-clock.ts';

type Item = Readonly<Record<string, unknown>>;

const bench = useHookBench();

describe('the output of a tool', () => {
  test('is told to hooks once, with what the tool was called with and what came of it [HK-1] [HK-2]', async () => {
    await bench.hooks({
      PostToolUse: `${bench.keeps('in')}; echo '${JSON.stringify({ hookSpecificOutput: { hookEventName: 'PostToolUse', additionalContext: 'well done' } })}'`,
    });
    const input = [user('hi', 'm1'), ...ranCommand('ls -l', 'c1', 0, 'a file\n')];
    await bench.turn(input);
    await bench.turn([...input, ...ranCommand('ls', 'c2')]);
    expect(await bench.kept('in')).toMatchObject([
      {
        hook_event_name: 'PostToolUse',
        tool_name: 'Bash',
        tool_input: { command: 'ls -l' },
        tool_response: { stdout: 'a file', stderr: '' },
        tool_use_id: 'c1',
        duration_ms: 323,
      },
      { tool_use_id: 'c2' },
    ]);
    const context = developer('PostToolUse:Bash hook additional context: well done');
    expect(bench.sent()).toEqual([...input, context, ...ranCommand('ls', 'c2'), context]);
  });

  test('is told with the others of its answer as the text that the model reads, refused calls included [HK-1] [HK-2]', async () => {
    await bench.hooks({ PostToolBatch: bench.keeps('in') }, undefined, {
      permissions: { deny: ['Bash(rm:*)'] },
    });
    await bench.turn([user('hi', 'm1')]);
    await bench.middleware.checks()?.check({
      ...{ kind: 'function', name: 'exec_command', namespace: undefined, callId: 'c1' },
      input: JSON.stringify({ cmd: 'rm x' }),
    });
    const [ls, made] = [ranCommand('ls', 'c2', 0, 'a file\n'), ranCommand('make', 'c3', 2, 'no rule\n')];
    const ran = [0, 1].flatMap((part) => [ls, made].flatMap((items) => items.slice(part, part + 1)));
    await bench.turn([user('hi', 'm1'), ...ran]);
    await bench.turn([user('hi', 'm1'), ...ran, ...ranCommand('pwd', 'c4')]);
    const bash = (id: string, command: string, text: string): object => ({
      ...{ tool_name: 'Bash', tool_input: { command }, tool_use_id: id, tool_response: text },
    });
    expect(await bench.kept('in')).toMatchObject([
      {
        tool_calls: [
          bash('c1', 'rm x', 'Permission to use Bash with command rm x has been denied.'),
          bash('c2', 'ls', 'a file'),
          bash('c3', 'make', 'Exit code 2\nno rule'),
        ],
      },
      { tool_calls: [bash('c4', 'pwd', 'done')] },
    ]);
  });

  test('of a later prompt is told without what was refused before it [HK-1]', async () => {
    await bench.hooks({ PostToolBatch: bench.keeps('in') }, undefined, {
      permissions: { deny: ['Bash(rm:*)'] },
    });
    await bench.turn([user('hi', 'm1')]);
    await bench.middleware.checks()?.check({
      ...{ kind: 'function', name: 'exec_command', namespace: undefined, callId: 'c1' },
      input: JSON.stringify({ cmd: 'rm x' }),
    });
    const later = [user('hi', 'm1'), { role: 'assistant', content: 'no' }, user('more', 'm2')];
    await bench.turn(later);
    await bench.turn([...later, ...ranCommand('ls', 'c2')]);
    expect(await bench.kept('in')).toMatchObject([{ tool_calls: [{ tool_use_id: 'c2' }] }]);
    expect(
      (await bench.kept('in')).map((told) => (told as { tool_calls: unknown[] }).tool_calls.length),
    ).toEqual([1]);
  });

  test('of a command that failed is a failure, and a hook’s objection goes to the model [HK-1]', async () => {
    await bench.hooks({ PostToolUseFailure: `${bench.keeps('in')}; echo "look at it" >&2; exit 2` });
    await bench.turn([user('hi', 'm1'), ...ranCommand('make', 'c1', 2, 'no rule\n')]);
    expect(await bench.kept('in')).toMatchObject([{ error: 'Exit code 2\nno rule', tool_name: 'Bash' }]);
    expect(JSON.stringify(bench.sent().at(-1))).toContain(
      'PostToolUseFailure:Bash hook blocking error from command',
    );
  });

  test.each<readonly [string, Item, Item, Item]>([
    [
      'shell',
      { type: 'shell_call', call_id: 'c1', action: { commands: ['make'] } },
      {
        ...{ type: 'shell_call_output', call_id: 'c1' },
        output: [{ stdout: '', stderr: 'no rule', outcome: { type: 'exit', exit_code: 2 } }],
      },
      { tool_name: 'Bash', tool_input: { command: 'make' }, error: 'Exit code 2\nno rule' },
    ],
    [
      'local shell',
      { type: 'local_shell_call', call_id: 'c1', action: { type: 'exec', command: ['ls'] } },
      { type: 'local_shell_call_output', id: 'c1', output: 'a file' },
      { tool_name: 'Bash', tool_input: { command: 'ls' }, tool_response: { stdout: 'a file' } },
    ],
    [
      'patches',
      { type: 'apply_patch_call', call_id: 'c1', operation: { type: 'delete_file', path: 'a.txt' } },
      { type: 'apply_patch_call_output', call_id: 'c1', status: 'failed', output: 'no such file' },
      { error: 'no such file' },
    ],
  ])(
    'of the %s that the API itself knows is told as well [HK-1] [HK-2]',
    async (_what, called, output, told) => {
      const context = { hookEventName: 'PostToolUse', additionalContext: 'seen' };
      const seen = `${bench.keeps('in')}; echo '${JSON.stringify({ hookSpecificOutput: context })}'`;
      await bench.hooks({ PostToolUse: seen, PostToolUseFailure: bench.keeps('in') });
      await bench.turn([user('hi', 'm1'), called, output]);
      expect(await bench.kept('in')).toMatchObject([{ ...told, tool_use_id: 'c1' }]);
    },
  );

  test('of every kind is followed by what hooks say to the model [HK-1] [HK-2]', async () => {
    const context = { hookEventName: 'PostToolUse', additionalContext: 'seen' };
    await bench.hooks({ PostToolUse: `echo '${JSON.stringify({ hookSpecificOutput: context })}'` });
    const pairs: readonly (readonly [Item, Item])[] = [
      [
        { type: 'tool_search_call', call_id: 'c1', execution: 'client', arguments: { query: 'a' } },
        { type: 'tool_search_output', call_id: 'c1', execution: 'client', status: 'completed', tools: [] },
      ],
      [
        { type: 'local_shell_call', call_id: 'c2', action: { type: 'exec', command: ['ls'] } },
        { type: 'local_shell_call_output', id: 'c2', output: 'a file' },
      ],
      [
        { type: 'computer_call', call_id: 'c3', action: { type: 'screenshot' } },
        { type: 'computer_call_output', call_id: 'c3', output: { type: 'computer_screenshot' } },
      ],
    ];
    for (const items of pairs) {
      await bench.turn([user('hi', 'm1'), ...items]);
      expect(bench.sent().slice(0, -1)).toEqual([user('hi', 'm1'), ...items]);
      expect(JSON.stringify(bench.sent().at(-1))).toContain('hook additional context: seen');
    }
  });

  test('ends the turn where a hook says so [HK-1]', async () => {
    await bench.hooks({ PostToolUse: `echo '${JSON.stringify({ continue: false, stopReason: 'enough' })}'` });
    const answer = await bench.turn([user('hi', 'm1'), ...ranCommand('ls', 'c1')]);
    expect(answer).toContain('PostToolUse:Bash hook stopped continuation: enough');
    expect(bench.upstream.requests).toHaveLength(0);
  });
});

describe('what the client makes for itself', () => {
  test('has no prompt: titles and prewarming run no hooks and go on as their bytes [HK-1] [PX-2]', async () => {
    await bench.hooks({ SessionStart: 'echo no', UserPromptSubmit: 'echo no' });
    for (const metadata of [{ thread_source: 'thread_title' }, { request_kind: 'prewarm' }]) {
      await bench.turn([user('hi', 'm1')], metadata);
      expect(bench.upstream.requests.at(-1)?.raw.toString()).toBe(codexBody([user('hi', 'm1')]));
    }
  });

  test('a compaction is told, may be refused, and begins the session anew [HK-1]', async () => {
    await bench.hooks({
      PreCompact: { matcher: 'manual', command: `${bench.keeps('in')}; echo keep the names` },
      SessionStart: { matcher: 'compact', command: 'echo afresh' },
    });
    const summary = user('summarize', 'm2');
    const compaction = { request_kind: 'compaction', compaction: { trigger: 'manual' } };
    await bench.turn([user('hi', 'm1'), summary], compaction);
    expect(bench.sent()).toEqual([user('hi', 'm1'), summary, developer('keep the names')]);
    expect(await bench.kept('in')).toMatchObject([{ trigger: 'manual', custom_instructions: null }]);
    await bench.turn([user('hi', 'm1'), user('the summary', 'm3'), user('go on', 'm4')]);
    expect(bench.sent().at(-1)).toEqual(developer('SessionStart:compact hook success: afresh'));

    await bench.hooks({ PreCompact: 'echo not now >&2; exit 2' });
    lookedAgain();
    const before = bench.upstream.requests.length;
    expect(await bench.turn([user('hi', 'm1'), summary], compaction)).toContain(
      'Compaction blocked by PreCompact hook: [',
    );
    expect(bench.upstream.requests).toHaveLength(before);
  });

  test('a subagent starts once, and hooks speak to it [HK-1]', async () => {
    await bench.hooks({
      SubagentStart: `${bench.keeps('in')}; echo '${JSON.stringify({ hookSpecificOutput: { hookEventName: 'SubagentStart', additionalContext: 'be brief' } })}'`,
    });
    const agent = { thread_source: 'subagent', thread_id: 't2', subagent_kind: 'collab_spawn' };
    await bench.turn([user('task', 'm1')], agent);
    await bench.turn([user('task', 'm1'), ...ranCommand('ls', 'c1')], agent);
    expect(bench.sent()[1]).toEqual(developer('SubagentStart hook additional context: be brief'));
    expect(await bench.kept('in')).toMatchObject([{ agent_id: 't2', agent_type: 'collab_spawn' }]);
  });
});
