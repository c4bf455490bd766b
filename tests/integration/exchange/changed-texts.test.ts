import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, test } from '@jest/globals';
import {
  callCases,
  callClients,
  conversationIn,
  type CallClient,
  type Spoken,
} from '../../support/call-clients.ts';
import { allow, call, deny, text, useCheckedBench } from '../../support/checked-bench.ts';
import { composeMiddleware } from '../../support/compose-middleware.ts';
import { startFakeUpstream } from '../../support/fake-upstream/fake-upstream.ts';
import { callRaw } from '../../support/raw-client.ts';
import { makeTestFolder } from '../../support/start-middleware.ts';

const bench = useCheckedBench();

/** What a `post_output` script may do: other words, and more of them. */
async function* shout(pieces: AsyncIterable<string>): AsyncGenerator<string, void, undefined> {
  for await (const piece of pieces) yield piece.toUpperCase();
  yield '!';
}

/** The same words for every text. */
async function* alike(pieces: AsyncIterable<string>): AsyncGenerator<string, void, undefined> {
  let isEmpty = true;
  for await (const piece of pieces) isEmpty &&= piece === '';
  if (!isEmpty) yield 'OK.';
}

let greetings = 0;

describe.each(callCases)('%s [%i], streamed: %s, whose texts are changed', (_api, which, stream) => {
  let client: CallClient;
  let hi: Spoken;

  beforeEach(() => {
    bench.middleware.change(shout);
    client = callClients(bench.middleware.url)[which]!();
    greetings += 1;
    hi = ['user', `say hi ${greetings}`];
  });

  afterAll(() => {
    bench.middleware.change(undefined);
  });

  /** All texts of one answer as the client has them; how often the script ran on them is not told. */
  function heard(spoken: readonly Spoken[]): string {
    return spoken
      .map(([kind, words]) => (kind === 'text' ? words : ''))
      .join('')
      .replace(/[!\s]/g, '');
  }

  test('a hidden call is put back where the model made it [HK-2] [HK-6]', async () => {
    bench.decide({ rm: deny('no'), ls: allow });
    bench.answers([text('I try.'), call('rm', 'c1')], [text('I list.'), call('ls', 'c2')], [text('Bye.')]);
    const { spoken } = await client.tell([hi], stream);
    expect(heard(spoken)).toBe('ITRY.ILIST.');
    await client.tell([['output', 'c2', 'files']], stream);
    await client.tell([['user', 'thanks']], stream);
    for (const index of [2, 3]) {
      const known = bench.sent(index);
      expect(known.filter(([kind]) => kind === 'call' || kind === 'output')).toEqual([
        ['call', 'rm', {}, 'c1'],
        ['output', 'c1', 'no'],
        ['call', 'ls', {}, 'c2'],
        ['output', 'c2', 'files'],
      ]);
      const kinds = known.slice(0, 7).map(([kind]) => kind);
      expect(kinds).toEqual(['user', 'text', 'call', 'output', 'text', 'call', 'output']);
    }
  });

  test('texts that are alike by then are told apart by their order [HK-2] [HK-6]', async () => {
    bench.middleware.change(alike);
    bench.decide({ rm: deny('no') });
    const words = ['I try.', 'I try again.', 'I cannot.'];
    const [first = '', second = '', third = ''] = words;
    bench.answers([text(first), call('rm', 'c1')], [text(second), call('rm', 'c2')], [text(third)]);
    const { spoken } = await client.tell([hi], stream);
    // A stream of the Chat Completions API has them as one text.
    expect(heard(spoken).replaceAll('OK.', '')).toBe('');
    await client.tell([['user', 'thanks']], stream);
    const known = bench.sent(3);
    const kinds = ['user', 'text', 'call', 'output', 'text', 'call', 'output', 'text', 'user'];
    expect(known.map(([kind]) => kind)).toEqual(kinds);
    expect(known.flatMap((one) => (one[0] === 'call' ? [one[3]] : []))).toEqual(['c1', 'c2']);
    // Items of the Responses API keep their bytes.
    const own = which === 0 ? ['OK.', 'OK.', 'OK.'] : words;
    expect(known.flatMap(([kind, said]) => (kind === 'text' ? [said] : []))).toEqual(own);
  });

  test('a question is known again, and a yes is one for its call [HK-2] [HK-6] [SEC-1]', async () => {
    const told: string[] = [];
    const answered = (answer: string): Promise<void> => Promise.resolve(void told.push(answer));
    const question = 'Run it?\n\nAllow? (Y)es/(N)o/(A)lways';
    bench.decide({ rm: { kind: 'ask', question, resolve: answered } });
    bench.answers([text('I try.'), call('rm', 'c1')], [text('Went on.')]);
    await client.tell([hi], stream);
    const { spoken } = await client.tell([['user', 'y']], stream);
    expect(spoken).toEqual([['call', 'rm', {}, 'c1']]);
    expect(told).toEqual(['yes']);
    await client.tell([['output', 'c1', 'gone']], stream);
    const known = bench.sent(1);
    expect(known.map(([kind]) => kind)).toEqual(['user', 'text', 'call', 'output']);
    expect(JSON.stringify(known)).not.toMatch(/allow\?/i);
  });
});

describe('a client that keeps nothing but texts', () => {
  test('has its hidden calls put back all the same [HK-2] [HK-6]', async () => {
    bench.middleware.change(shout);
    bench.decide({ rm: deny('no') });
    bench.answers([call('rm', 'c1')], [text('I cannot.')], [text('Bye.')]);
    const user = { role: 'user', content: 'keep texts' };
    const first = await callRaw(bench.middleware.port, {
      path: '/v1/responses',
      body: JSON.stringify({ model: 'm', input: [user] }),
    });
    expect(first.body.toString()).toContain('I CANNOT.!');
    const input = [user, { role: 'assistant', content: 'I CANNOT.!' }, { role: 'user', content: 'ok' }];
    const body = JSON.stringify({ model: 'm', input });
    await callRaw(bench.middleware.port, { path: '/v1/responses', body });
    bench.middleware.change(undefined);
    expect(bench.sent(2)).toEqual([
      ...[
        ['user', 'keep texts'],
        ['call', 'rm', {}, 'c1'],
        ['output', 'c1', 'no'],
      ],
      ...[
        ['text', 'I CANNOT.!'],
        ['user', 'ok'],
      ],
    ]);
  });
});

describe('the whole middleware', () => {
  test.each([true, false])(
    'knows answers that a post_output script changed (streamed: %s) [HK-2] [HK-6]',
    async (stream) => {
      const folder = await makeTestFolder('changed-texts');
      const claude = join(folder, 'home', '.claude');
      await mkdir(join(claude, 'hooks'), { recursive: true });
      await mkdir(join(folder, 'project'));
      const settings = { permissions: { deny: ['Bash(rm:*)'] } };
      await writeFile(join(claude, 'settings.json'), JSON.stringify(settings));
      await writeFile(join(claude, 'hooks', 'post_output.sh'), 'tr a-z A-Z');
      const upstream = await startFakeUpstream((_seen, turn) => ({
        ...{ kind: 'answer', turn },
        items:
          turn === 0 ? [text('I try.'), call('exec_command', 'c1', { cmd: 'rm x' })] : [text('I cannot.')],
      }));
      const env = { PATH: process.env['PATH'] ?? '', CODEX_PLUS_STATE_DIR: join(folder, 'state') };
      const middleware = await composeMiddleware(upstream.url, env, join(folder, 'home'));
      const ask = (messages: readonly object[]): ReturnType<typeof callRaw> =>
        callRaw(middleware.port, {
          path: '/v1/chat/completions',
          headers: ['x-codex-plus-workspace', join(folder, 'project')],
          body: JSON.stringify({ model: 'gpt-5', stream, messages }),
        });
      const user = { role: 'user', content: 'remove it' };
      // What the user reads of the refusal stands behind the answer, and the model does not get it.
      const rule = `deny rule Bash(rm:*) of the user's settings (${join(claude, 'settings.json')})`;
      const refused = `Codex-Plus refused a call of Bash: ${rule}`;
      expect((await ask([user])).body.toString()).toContain('CANNOT.');
      await ask([
        user,
        { role: 'assistant', content: `I TRY.\n\nI CANNOT.\n\n${refused}` },
        { role: 'user', content: 'ok' },
      ]);
      expect(conversationIn(upstream.requests[2]?.json)).toEqual([
        ...[
          ['user', 'remove it'],
          ['text', 'I try.'],
          ['call', 'exec_command', { cmd: 'rm x' }, 'c1'],
        ],
        ...[
          ['output', 'c1', expect.any(String)],
          ['text', 'I cannot.'],
          ['user', 'ok'],
        ],
      ]);
      await middleware.close();
      await upstream.close();
      await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  );
});
