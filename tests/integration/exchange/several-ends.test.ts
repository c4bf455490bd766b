import { describe, expect, test } from '@jest/globals';
import { says, status, streams, type Item, type Step } from '../../support/fake-upstream/step.ts';
import { callRaw } from '../../support/raw-client.ts';
import { lookedAgain } from '../../support/test-clock.ts';
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

  const created = { type: 'response.created', response: { id: 'r2', output: [] } };
  test.each<[string, Step]>([
    ['has no end', streams([`data: ${JSON.stringify(created)}\n\n`])],
    ['breaks in a frame', streams(['data: {"half'], { then: 'reset' })],
    ['is refused', status(500, { error: { message: 'no' } })],
  ])(
    'whose next round %s keeps what the model knows of the ones before [HK-2] [PX-4]',
    async (_what, next) => {
      await bench.file(
        'home/.claude/settings.json',
        JSON.stringify({ permissions: { deny: ['Bash(rm:*)'] } }),
      );
      bench.upstream.use((_seen, index) => {
        if (index === 0)
          return { kind: 'answer', items: [{ kind: 'text', text: 'I try.' }, call('rm x', 'c1')] };
        return index === 1 ? next : says('Done.');
      });
      const broken = await ask([user('work')]);
      expect(broken).toContain('response.failed');
      await ask([user('work'), ...outputOf(broken), user('again')]);
      const { input } = bench.upstream.requests.at(-1)?.json as { input: readonly Json[] };
      expect(input.map(({ type, role }) => role ?? type)).toEqual([
        ...['user', 'assistant', 'function_call', 'function_call_output', 'user'],
      ]);
    },
  );
});

const data = (event: Json): string => `data: ${JSON.stringify(event)}\n\n`;
const message = { id: 'm1', type: 'message', role: 'assistant', status: 'completed', content: [] };
const evil = {
  id: 'f9',
  type: 'function_call',
  call_id: 'c9',
  name: 'exec_command',
  arguments: '{"cmd":"rm x"}',
};
const completed = (...output: readonly Json[]): string =>
  data({ type: 'response.completed', response: { id: 'r1', status: 'completed', output } });

describe('what a provider sends behind the end of an answer', () => {
  const begin = [
    data({ type: 'response.created', response: { id: 'r1', output: [] } }),
    data({ type: 'response.output_item.done', output_index: 0, item: message }),
    completed(message),
  ];
  const more = [
    data({ type: 'response.output_item.added', output_index: 1, item: { ...evil, arguments: '' } }),
    data({ type: 'response.output_item.done', output_index: 1, item: evil }),
    completed(message, evil),
  ];

  test.each([
    ['calls', more],
    ['a second end', more.slice(2)],
  ])('reaches no client where calls are decided: %s [HK-2] [SEC-1]', async (_what, rest) => {
    bench.answers(streams([...begin, ...rest, 'data: [DONE]\n\n']));
    const before = await ask([user('work')]);
    expect(before).toContain('rm x');
    expect(before).toContain('[DONE]');
    await bench.file('home/.claude/settings.json', JSON.stringify({ permissions: { deny: ['Bash(rm:*)'] } }));
    lookedAgain();
    const after = await ask([user('work again')]);
    expect(after).toContain('response.completed');
    expect(after).not.toContain('rm x');
    expect(after.match(/response\.completed/g)).toHaveLength(1);
  });
});
