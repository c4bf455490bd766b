import { describe, expect, test } from '@jest/globals';
import { callCases, callClients, type CallClient, type Spoken } from '../../support/call-clients.ts';
import { call, text } from '../../support/checked-bench.ts';
import { useWholeBench } from '../../support/whole-bench.ts';

const bench = useWholeBench();
const rules = { permissions: { ask: ['Bash(rm:*)'] } };

const rm = (callId: string, cmd = 'rm x') => call('exec_command', callId, { cmd });
const prompt: Spoken = ['user', 'clean up'];
const refused = (id: string) => [
  prompt,
  ['call', 'exec_command', { cmd: 'rm x' }, id],
  ['output', id, expect.stringContaining('STOP')],
];

function inOneSession(which: number): CallClient {
  const headers = { 'x-codex-plus-workspace': bench.workspace, 'x-codex-plus-session': 's' };
  return callClients(bench.middleware.url, headers)[which]!();
}

describe.each(callCases)(
  'calls asked about in the same words, %s [%i], streamed: %s',
  (api, which, stream) => {
    test('a yes is for the call that was asked about, where only what is not shown differs [SEC-1]', async () => {
      await bench.hooks({}, undefined, rules);
      const line = (middle: string) => `rm x # ${'a'.repeat(12_000)}\n${middle}\n# ${'b'.repeat(12_000)}`;
      bench.answers([rm('c1', line('rm one'))], [rm('c2', line('rm two'))]);
      const [a, b] = [bench.client(which), bench.client(which)];
      await a.tell([prompt], stream);
      await b.tell([prompt], stream);
      const { spoken } = await a.tell([['user', 'y']], stream);
      expect(spoken).toEqual([['call', 'exec_command', { cmd: line('rm one') }, 'c1']]);
    });

    test('a no is kept, where a yes was said before the user went back to the beginning [SEC-1]', async () => {
      await bench.hooks({}, undefined, rules);
      bench.answers([rm('c1')], [text('gone.')], [rm('c2')], [text('Then not.')]);
      const client = inOneSession(which);
      await client.tell([prompt], stream);
      await client.tell([['user', 'y']], stream);
      await client.tell([['output', 'c1', 'done']], stream);
      for (let back = api === 'messages' ? 3 : 2; back > 0; back -= 1) client.goBack();
      await client.tell([prompt], stream);
      await client.tell([['user', 'n']], stream);
      expect(bench.sent(-1)).toEqual(refused('c2'));
    });

    test('a no is kept, where a conversation that began alike had a yes [SEC-1]', async () => {
      await bench.hooks({}, undefined, rules);
      bench.answers([rm('c1')], [text('gone.')], [rm('c2')], [text('Then not.')], [text('Ok.')]);
      const [a, b] = [bench.client(which), bench.client(which)];
      await a.tell([prompt], stream);
      await a.tell([['user', 'y']], stream);
      await a.tell([['output', 'c1', 'done']], stream);
      await b.tell([prompt], stream);
      await b.tell([['user', 'n']], stream);
      expect(bench.sent(-1)).toEqual(refused('c2'));
      await b.tell([['user', 'more']], stream);
      expect(bench.sent(-1)).toEqual([...refused('c2'), ['text', 'Then not.'], ['user', 'more']]);
    });

    test('a no is kept, where the prompt was sent twice before anybody answered [SEC-1]', async () => {
      await bench.hooks({}, undefined, rules);
      bench.answers([rm('c1')], [rm('c2')], [text('Then not.')], [text('Ok.')]);
      const client = inOneSession(which);
      await client.tell([prompt], stream);
      client.goBack();
      await client.tell([prompt], stream);
      await client.tell([['user', 'n']], stream);
      expect(bench.sent(-1)).toEqual(refused('c2'));
      await client.tell([['user', 'more']], stream);
      expect(bench.sent(-1)).toEqual([...refused('c2'), ['text', 'Then not.'], ['user', 'more']]);
    });

    test('each of two that wait gets its own call, or one that is the same [SEC-1]', async () => {
      await bench.hooks({}, undefined, rules);
      bench.answers([rm('c1')], [rm('c2')], [text('Then not.')], [text('gone.')]);
      const [a, b] = [bench.client(which), bench.client(which)];
      await a.tell([prompt], stream);
      await b.tell([prompt], stream);
      const { spoken } = await a.tell([['user', 'y']], stream);
      const id = spoken[0]?.[3] === 'c1' ? 'c1' : 'c2';
      const ran: Spoken = ['call', 'exec_command', { cmd: 'rm x' }, id];
      expect(spoken).toEqual([ran]);
      await b.tell([['user', 'n']], stream);
      expect(bench.sent(-1)).toEqual(refused(id === 'c1' ? 'c2' : 'c1'));
      await a.tell([['output', id, 'done']], stream);
      expect(bench.sent(-1)).toEqual([prompt, ran, ['output', id, 'done']]);
    });

    test('a yes that may be for one of several calls is for none [SEC-1]', async () => {
      await bench.hooks({}, undefined, rules);
      const timed = (callId: string, max: number) =>
        call('exec_command', callId, { cmd: 'rm x', max_output_tokens: max });
      bench.answers([timed('c1', 5)], [timed('c2', 500)], [text('Once more.')]);
      const [a, b] = [bench.client(which), bench.client(which)];
      await a.tell([prompt], stream);
      await b.tell([prompt], stream);
      const { spoken } = await a.tell([['user', 'y']], stream);
      // In the Responses API an item has a name of its own.
      if (api === 'responses') expect(spoken).toMatchObject([['call', 'exec_command', {}, 'c1']]);
      else {
        expect(spoken).toEqual([['text', 'Once more.']]);
        expect(JSON.stringify(bench.sent(-1))).toContain('Make the call again');
      }
    });
  },
);
