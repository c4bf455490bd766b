import { describe, expect, test } from '@jest/globals';
import { says, streams, type Item } from '../../support/fake-upstream/step.ts';
import { callRaw } from '../../support/raw-client.ts';
import { useWholeBench } from '../../support/whole-bench.ts';

const bench = useWholeBench();

type Json = Readonly<Record<string, unknown>>;

const user = (text: string): Json => ({
  ...{ type: 'message', role: 'user', content: [{ type: 'input_text', text }] },
});
const call = (command: string, callId: string): Item => ({
  ...{ kind: 'call', name: 'exec_command', arguments: { cmd: command }, callId },
});

async function ask(input: readonly Json[]): Promise<string> {
  const { body } = await callRaw(bench.middleware.port, {
    path: '/v1/responses',
    headers: ['x-codex-plus-workspace', bench.workspace],
    body: JSON.stringify({ model: 'm', stream: true, input }),
  });
  return body.toString();
}

function outputOf(stream: string): readonly Json[] {
  const events = [...stream.matchAll(/^data: (\{.*\})$/gm)].map(([, json = '']) => JSON.parse(json) as Json);
  const items = events
    .filter(({ type }) => type === 'response.output_item.done')
    .map(({ item }) => item as Json);
  const end = events.find(({ type }) => type === 'response.completed')?.['response'] as Json | undefined;
  if (end !== undefined) expect(end['output']).toEqual(items);
  return items;
}

describe('one answer over several rounds', () => {
  test('has a name for each of our texts in it, so that none is taken for another [HK-2] [PX-2]', async () => {
    const stop = { hookEventName: 'PreToolUse', permissionDecision: 'defer' };
    await bench.hooks(
      {
        PreToolUse: `grep -q halt && echo '${JSON.stringify({ hookSpecificOutput: stop })}' || true`,
        Stop: `grep -q 'stop_hook_active": *true' || { echo 'go on' >&2; exit 2; }`,
      },
      undefined,
      { permissions: { ask: ['Bash(make:*)'] } },
    );
    bench.answers([call('halt', 'c1')], [call('make', 'c2')]);
    const items = outputOf(await ask([user('work')]));
    const ids = items.map(({ id }) => id);
    expect(items.length).toBeGreaterThan(1);
    expect(new Set(ids).size).toBe(ids.length);
  });

  test('that breaks in a later one keeps what the model knows of the ones before [HK-2] [PX-4]', async () => {
    await bench.file('home/.claude/settings.json', JSON.stringify({ permissions: { deny: ['Bash(rm:*)'] } }));
    const created = { type: 'response.created', response: { id: 'r2', output: [] } };
    bench.upstream.use((_seen, index) => {
      if (index === 0)
        return { kind: 'answer', items: [{ kind: 'text', text: 'I try.' }, call('rm x', 'c1')] };
      return index === 1 ? streams([`data: ${JSON.stringify(created)}\n\n`]) : says('Done.');
    });
    const broken = await ask([user('work')]);
    expect(broken).toContain('response.failed');
    await ask([user('work'), ...outputOf(broken), user('again')]);
    const { input } = bench.upstream.requests.at(-1)?.json as { input: readonly Json[] };
    expect(input.map(({ type, role }) => role ?? type)).toEqual([
      ...['user', 'assistant', 'function_call', 'function_call_output', 'user'],
    ]);
  });
});
