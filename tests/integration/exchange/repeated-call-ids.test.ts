import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import type { Spoken } from '../../support/call-clients.ts';
import type { Item } from '../../support/fake-upstream/step.ts';
import { callRaw } from '../../support/raw-client.ts';
import { contextOf } from '../../support/hook-bench.ts';
import { useWholeBench } from '../../support/whole-bench.ts';

const bench = useWholeBench();
const settings = 'home/.claude/settings.json';
const apis = [
  ['responses', 0],
  ['chat', 1],
  ['messages', 2],
] as const;

function call(name: string, callId: string, args: Readonly<Record<string, unknown>> = {}): Item {
  return { kind: 'call', name, arguments: args, callId };
}

const done: readonly Item[] = [{ kind: 'text', text: 'Done.' }];

describe.each(apis)('of a provider that counts its calls anew in each turn, by %s,', (_api, which) => {
  test.each([
    ['that differ', 'a', 'b'],
    ['that are alike', 'a', 'a'],
  ])('hooks hear of the outputs of calls %s, each once [HK-1]', async (_how, first, second) => {
    await bench.hooks({ PostToolUse: `jq -r .tool_input.x >> ${bench.folder}/ran` });
    bench.answers([call('ls', 'call_1', { x: first })], done, [call('ls', 'call_1', { x: second })], done);
    const client = bench.client(which);
    for (let turn = 0; turn < 2; turn += 1) {
      await client.tell([['user', 'go on']], false);
      await client.tell([['output', 'call_1', 'files']], false);
    }
    bench.forgive();
    expect(await readFile(join(bench.folder, 'ran'), 'utf8')).toBe(`${first}\n${second}\n`);
  });

  test('what hooks said of one call is not said behind another, nor ends its turn [HK-1]', async () => {
    const said = {
      ...(JSON.parse(contextOf('PreToolUse', 'mind the first')) as object),
      ...{ continue: false, stopReason: 'Enough.' },
    };
    await bench.hooks({ PreToolUse: `if grep -q '"first"'; then echo '${JSON.stringify(said)}'; fi` });
    bench.answers([call('ls', 'call_1', { x: 'first' })], [call('ls', 'call_1', { x: 'second' })], done);
    const client = bench.client(which);
    await client.tell([['user', 'list']], false);
    const stopped = await client.tell([['output', 'call_1', 'files']], false);
    expect(JSON.stringify(stopped.spoken)).toContain('Enough.');
    await client.tell([['user', 'go on']], false);
    await client.tell([['output', 'call_1', 'more files']], false);
    expect(bench.upstream.requests).toHaveLength(3);
    const contexts = JSON.stringify(bench.upstream.requests.at(-1)?.json).split('mind the first').length - 1;
    bench.forgive();
    expect(contexts).toBe(1);
  });

  test.each([
    ['that differ', { x: 'a' }, { x: 'b' }],
    ['that are alike', {}, {}],
  ])('a refused call is put back beside its own of two calls %s [HK-2]', async (_how, first, second) => {
    await bench.hooks({}, settings, { permissions: { deny: ['rm'] } });
    bench.answers(
      [call('cat', 'call_1'), call('ls', 'call_2', first)],
      done,
      [call('rm', 'call_1'), call('ls', 'call_2', second)],
      done,
    );
    const client = bench.client(which);
    await client.tell([['user', 'go on']], false);
    const outputs = ['call_1', 'call_2'].map((id): Spoken => ['output', id, 'files']);
    await client.tell(outputs, false);
    await client.tell([['user', 'go on']], false);
    await client.tell(outputs.slice(1), false);
    const named = bench.sent(-1).flatMap((spoken) => (spoken[0] === 'call' ? [spoken[1], spoken[2]] : []));
    bench.forgive();
    expect(named).toEqual(['cat', {}, 'ls', first, 'rm', {}, 'ls', second]);
  });
});

test.each([
  ['chat', ['/v1/chat/completions', 'messages']],
  ['responses', ['/v1/responses', 'input']],
] as const)(
  'hooks hear once of an output that is sent again behind one item more, by %s [HK-1]',
  async (api, [path, itemsKey]) => {
    const said = contextOf('PostToolUse', 'mind it');
    await bench.hooks({ PostToolUse: `jq -r .tool_input.x >> ${bench.folder}/ran; echo '${said}'` });
    bench.answers(done);
    const args = { name: 'ls', arguments: '{"x":"a"}' };
    const ran =
      api === 'chat'
        ? [
            {
              role: 'assistant',
              content: null,
              tool_calls: [{ id: 'c1', type: 'function', function: args }],
            },
            { role: 'tool', tool_call_id: 'c1', content: 'files' },
          ]
        : [
            { type: 'function_call', call_id: 'c1', ...args },
            { type: 'function_call_output', call_id: 'c1', output: 'files' },
          ];
    const items = [{ role: 'user', content: 'hi' }, ...ran];
    for (const sent of [items, [{ role: 'system', content: 'Be brief.' }, ...items], items]) {
      const { status } = await callRaw(bench.middleware.port, {
        path,
        headers: ['x-codex-plus-workspace', bench.workspace, 'x-codex-plus-session', 's'],
        body: JSON.stringify({ model: 'm', [itemsKey]: sent }),
      });
      expect(status).toBe(200);
      expect(JSON.stringify(bench.upstream.requests.at(-1)?.json)).toContain('mind it');
    }
    expect(await readFile(join(bench.folder, 'ran'), 'utf8')).toBe('a\n');
  },
);
