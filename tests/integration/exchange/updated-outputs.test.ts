import { describe, expect, test } from '@jest/globals';
import { callCases } from '../../support/call-clients.ts';
import { ranCommand, user } from '../../support/codex-turns.ts';
import { useHookBench } from '../../support/hook-bench.ts';
import { useWholeBench } from '../../support/whole-bench.ts';

const updating = (answer: object): string =>
  `echo '${JSON.stringify({ hookSpecificOutput: { hookEventName: 'PostToolUse', ...answer } })}'`;

const command = { stdout: 'hidden', stderr: '', interrupted: false, isImage: false };

describe('an output that a hook changed', () => {
  const bench = useWholeBench();

  test.each(callCases)(
    'is the changed one to the model of %s (client %i, streamed: %s), in every later request [HK-1] [HK-2] [PX-2]',
    async (_api, which, stream) => {
      await bench.hooks({ PostToolUse: updating({ updatedToolOutput: { output: 'hidden' } }) });
      const asked = { kind: 'call', name: 'get_key', arguments: {}, callId: 'c1' } as const;
      bench.answers([asked], [{ kind: 'text', text: 'thanks' }]);
      const client = bench.client(which);
      await client.tell([['user', 'which key?']], stream);
      await client.tell([['output', 'c1', 'sk-secret']], stream);
      const heard = [
        ['user', 'which key?'],
        ['call', 'get_key', {}, 'c1'],
        ['output', 'c1', 'hidden'],
      ];
      expect(bench.sent(-1)).toEqual(heard);
      const before = bench.upstream.requests.at(-1)?.raw.toString() ?? '';
      await client.tell([['user', 'go on']], stream);
      const after = bench.upstream.requests.at(-1)?.raw.toString() ?? '';
      expect(bench.sent(-1).slice(0, 3)).toEqual(heard);
      const end = before.indexOf('hidden') + 'hidden'.length;
      expect(after.slice(0, end)).toBe(before.slice(0, end));
      expect(after).not.toContain('sk-secret');
    },
  );
});

describe('an output of Codex', () => {
  const bench = useHookBench();

  test('keeps what Codex writes about the end of the command [HK-1]', async () => {
    await bench.hooks({ PostToolUse: updating({ updatedToolOutput: command }) });
    const [call, output] = ranCommand('cat key', 'c1', 0, 'sk-secret\n');
    await bench.turn([user('hi', 'm1'), call!, output!]);
    const text = String(output?.['output']).replace('sk-secret\n', 'hidden');
    expect(bench.sent()).toEqual([user('hi', 'm1'), call, { ...output, output: text }]);
    await bench.turn([user('hi', 'm1'), call!, output!, user('more', 'm2')]);
    expect(bench.sent()[2]).toEqual({ ...output, output: text });
  });

  test('of an MCP server may be changed by either name [HK-1]', async () => {
    const call = { type: 'function_call', call_id: 'c1', namespace: 'mcp__s', name: 't', arguments: '{}' };
    const output = { type: 'function_call_output', call_id: 'c1', output: 'old' };
    await bench.hooks({
      PostToolUse: updating({ updatedMCPToolOutput: [{ type: 'text', text: 'new' }] }),
    });
    await bench.turn([user('hi', 'm1'), call, output]);
    expect(bench.sent().at(-1)).toEqual({ ...output, output: 'new' });
  });

  test.each([
    ['of another shape', { updatedToolOutput: 'a text' }],
    ['for the tools of MCP servers', { updatedMCPToolOutput: 'a text' }],
  ])('stays where the value is one %s [HK-1]', async (_what, answer) => {
    await bench.hooks({ PostToolUse: updating(answer) });
    const input = [user('hi', 'm1'), ...ranCommand('ls', 'c1')];
    await bench.turn(input);
    expect(bench.sent()).toEqual(input);
    const told = bench.middleware.lines.some(({ problem }) => String(problem).includes('was ignored'));
    expect(told).toBe('updatedToolOutput' in answer);
  });

  test('stays where one call used several tools, and the log says so [HK-1]', async () => {
    await bench.hooks({ PostToolUse: updating({ updatedToolOutput: { output: 'new' } }) });
    const files = ['a', 'b'].map((name) => `*** Add File: ${name}\n+x\n`).join('');
    const patch = `*** Begin Patch\n${files}*** End Patch`;
    const call = { type: 'custom_tool_call', call_id: 'c1', name: 'apply_patch', input: patch };
    const output = { type: 'custom_tool_call_output', call_id: 'c1', output: 'Done!' };
    await bench.turn([user('hi', 'm1'), call, output]);
    expect(bench.sent().at(-1)).toEqual(output);
    expect(JSON.stringify(bench.middleware.lines)).toContain('the call used several tools');
  });
});
