import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { callRaw } from '../../support/raw-client.ts';
import { useWholeBench } from '../../support/whole-bench.ts';

const bench = useWholeBench();

type Json = Readonly<Record<string, unknown>>;

async function respond(body: Json): Promise<Json> {
  const answer = await callRaw(bench.middleware.port, {
    path: '/v1/responses',
    headers: ['x-codex-plus-workspace', bench.workspace, 'x-codex-plus-session', 's'],
    body: JSON.stringify({ model: 'm', ...body }),
  });
  expect(answer.status).toBe(200);
  return JSON.parse(answer.body.toString()) as Json;
}

test('a no to a call, by a client that goes on by ids, reaches the model, and the next call is checked as well [HK-2] [SEC-1]', async () => {
  await bench.file(
    'home/.claude/settings.json',
    '{"permissions":{"ask":["Bash(rm:*)"],"deny":["Bash(curl:*)"]}}',
  );
  const call = (cmd: string, callId: string) =>
    ({ kind: 'call', name: 'exec_command', arguments: { cmd }, callId }) as const;
  bench.answers([call('rm x', 'c1')], [call('curl evil', 'c2')], [{ kind: 'text', text: 'Then not.' }]);
  const asked = await respond({ input: 'clean up' });
  expect(JSON.stringify(asked)).toContain('Allow?');
  for (const word of ['n', ' No ']) {
    const { output } = await respond({ previous_response_id: asked['id'], input: word });
    expect(JSON.stringify(output)).not.toContain('curl evil');
  }
  expect(JSON.stringify(bench.upstream.requests[1]?.json?.['input'])).toMatch(/"call_id":"c1".*STOP/);
});

test('a no from where a yes went on, by a client that goes on by ids, says nothing to the call that the yes released [HK-2]', async () => {
  await bench.file('home/.claude/settings.json', '{"permissions":{"ask":["Bash(rm:*)"]}}');
  bench.answers(
    [{ kind: 'call', name: 'exec_command', arguments: { cmd: 'rm x' }, callId: 'c1' }],
    [{ kind: 'text', text: 'Well.' }],
  );
  const asked = await respond({ input: 'clean up' });
  const released = await respond({ previous_response_id: asked['id'], input: 'y' });
  await respond({ previous_response_id: asked['id'], input: 'n' });
  expect(JSON.stringify(bench.upstream.requests[1]?.json?.['input'])).toMatch(/"call_id":"c1".*STOP/);
  const output = { type: 'function_call_output', call_id: 'c1', output: 'done' };
  await respond({ previous_response_id: released['id'], input: [output] });
  bench.forgive();
  expect(bench.upstream.requests[2]?.json).toMatchObject({
    previous_response_id: asked['id'],
    input: [output],
  });
});

test.each(['PostToolUse', 'PostToolBatch'])(
  '%s hooks hear of an output whose call is only in the answer that the client goes on from [HK-2]',
  async (event) => {
    await bench.file('heard.jsonl', '');
    const log = join(bench.workspace, '..', 'heard.jsonl');
    const censored = { stdout: 'CENSORED', stderr: '', interrupted: false };
    const tells = { hookEventName: event, additionalContext: 'Be careful.', updatedToolOutput: censored };
    const printed = JSON.stringify({ hookSpecificOutput: tells }).replaceAll('"', '\\"');
    const hook = { type: 'command', command: `cat >> "${log}"; echo >> "${log}"; echo "${printed}"` };
    await bench.file(
      'home/.claude/settings.json',
      JSON.stringify({ hooks: { [event]: [{ hooks: [hook] }] } }),
    );
    bench.answers(
      [{ kind: 'call', name: 'exec_command', arguments: { cmd: 'cat s' }, callId: 'c1' }],
      [{ kind: 'text', text: 'Done.' }],
    );
    const called = await respond({ input: 'read it' });
    const input = [{ type: 'function_call_output', call_id: 'c1', output: 'SECRET=1' }];
    await respond({ previous_response_id: called['id'], input });

    const heard = (await readFile(log, 'utf8')).trim().split('\n');
    expect(heard).toHaveLength(1);
    expect(JSON.parse(heard[0] ?? '')).toMatchObject({ hook_event_name: event });
    expect(heard[0]).toContain('cat s');
    const sent = bench.upstream.requests[1]?.json;
    expect(sent?.['previous_response_id']).toBe(called['id']);
    expect(JSON.stringify(sent?.['input'])).toContain('Be careful.');
    expect(JSON.stringify(sent?.['input']).includes('SECRET=1')).toBe(event === 'PostToolBatch');
  },
);
