import { expect, test } from '@jest/globals';
import { callCases, callClients } from '../../support/call-clients.ts';
import { call, text } from '../../support/checked-bench.ts';
import { useWholeBench } from '../../support/whole-bench.ts';

const bench = useWholeBench();

test.each(callCases)(
  'a yes from another project in the same session is none, %s [%i], streamed: %s [SEC-1]',
  async (_api, which, stream) => {
    await bench.hooks({}, undefined, { permissions: { ask: ['Bash(rm:*)'] } });
    bench.answers([call('exec_command', 'c1', { cmd: 'rm x' })], [text('Hm.')]);
    // The SDK takes the headers of each request from here.
    const headers = { 'x-codex-plus-workspace': bench.workspace, 'x-codex-plus-session': 's' };
    const client = callClients(bench.middleware.url, headers)[which]!();
    await client.tell([['user', 'clean up']], stream);
    headers['x-codex-plus-workspace'] = bench.folder;
    const { spoken } = await client.tell([['user', 'y']], stream);
    expect(spoken).toEqual([['text', 'Hm.']]);
  },
);

test.each(callCases)(
  'an always counts in its project alone, and until a no to the same call, %s [%i], streamed: %s [HK-2] [SEC-1]',
  async (_api, which, stream) => {
    await bench.hooks({}, undefined, { permissions: { ask: ['Bash(rm:*)'] } });
    const rm = (id: string) => call('exec_command', id, { cmd: 'rm x' });
    bench.answers([rm('c1')], [text('Done.')], ...['c2', 'c3', 'c4', 'c5'].map((id) => [rm(id)]));
    const headers = { 'x-codex-plus-workspace': bench.workspace, 'x-codex-plus-session': 's' };
    const client = callClients(bench.middleware.url, headers)[which]!();
    const isReleased = async (said: string): Promise<boolean> => {
      const { spoken } = await client.fork().tell([['user', said]], stream);
      return spoken.some(([kind]) => kind === 'call');
    };
    await client.tell([['user', 'clean up']], stream);
    const back = client.fork();
    expect((await client.tell([['user', 'always']], stream)).spoken).toEqual([
      ['call', 'exec_command', { cmd: 'rm x' }, 'c1'],
    ]);
    await client.tell([['output', 'c1', 'done']], stream);
    expect(await isReleased('again')).toBe(true);
    headers['x-codex-plus-workspace'] = bench.folder;
    expect(await isReleased('over there')).toBe(false);
    headers['x-codex-plus-workspace'] = bench.workspace;
    await back.tell([['user', 'n']], stream);
    expect(await isReleased('and now')).toBe(false);
  },
);

test.each(callCases)(
  'branches with different commands keep what each yes came to, at the same place, %s [%i], streamed: %s [CMD-3]',
  async (_api, which, stream) => {
    for (const name of ['one', 'two'])
      await bench.file(
        `project/.claude/commands/${name}.md`,
        '---\nallowed-tools: Bash(echo:*)\n---\nSay: !`echo $ARGUMENTS`',
      );
    bench.answers([text('Ok.')]);
    const headers = { 'x-codex-plus-workspace': bench.workspace, 'x-codex-plus-session': 's' };
    const first = callClients(bench.middleware.url, headers)[which]!();
    await first.tell([['user', 'hi']], stream);
    const other = first.fork();
    await first.tell([['user', '/one a']], stream);
    await other.tell([['user', '/two b']], stream);
    await first.tell([['user', 'y']], stream);
    const made = bench.sent(-1);
    expect(JSON.stringify(made)).toContain('Say: a');
    await other.tell([['user', 'y']], stream);
    await first.tell([['user', 'more']], stream);
    expect(bench.sent(-1).slice(0, made.length)).toEqual(made);
  },
);

test.each(callCases)(
  'a question about a command and its answer stay between user and us where the client leaves out what is oldest, %s [%i], streamed: %s [CMD-3]',
  async (_api, which, stream) => {
    await bench.file(
      'project/.claude/commands/one.md',
      '---\nallowed-tools: Bash(echo:*)\n---\nSay: !`echo $ARGUMENTS`',
    );
    bench.answers([text('Ok.')]);
    const headers = { 'x-codex-plus-workspace': bench.workspace, 'x-codex-plus-session': 's' };
    const client = callClients(bench.middleware.url, headers)[which]!();
    for (const said of ['hi', '/one a', 'y', 'more']) await client.tell([['user', said]], stream);
    // The question, the `y`, and what came of them.
    client.keepNewest(5);
    await client.tell([['user', 'and more']], stream);
    expect(bench.sent(-1)).toEqual([
      ['text', 'Ok.'],
      ['user', 'more'],
      ['text', 'Ok.'],
      ['user', 'and more'],
    ]);
  },
);
