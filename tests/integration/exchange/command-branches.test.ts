import { expect, test } from '@jest/globals';
import { callCases, callClients } from '../../support/call-clients.ts';
import { text } from '../../support/checked-bench.ts';
import { useWholeBench } from '../../support/whole-bench.ts';

const bench = useWholeBench();
const streamed = callCases.filter(([, , stream]) => stream);

test.each(streamed)(
  'a command that two branches call at one place runs for each yes, and each keeps what it became, %s [CMD-3] [SEC-1]',
  async (_api, which, stream) => {
    await bench.file(
      'project/.claude/commands/count.md',
      '---\nallowed-tools: Bash(echo:*), Bash(wc:*), Bash(cat:*)\n---\nRan: !`cat ran`',
    );
    bench.answers([text('Ok.')]);
    const headers = { 'x-codex-plus-workspace': bench.workspace, 'x-codex-plus-session': 's' };
    const [one, other] = ['a', 'b'].map((name) => ({
      name,
      client: callClients(bench.middleware.url, headers)[which]!(),
    }));
    for (const { name, client } of [one!, other!]) {
      await client.tell([['user', `plan ${name}`]], stream);
      await client.tell([['user', '/count']], stream);
    }
    const made: string[] = [];
    for (const { name, client } of [one!, other!]) {
      await bench.file('project/ran', name);
      await client.tell([['user', 'y']], stream);
      made.push(JSON.stringify(bench.sent(-1)));
    }
    expect(made).toEqual([expect.stringContaining('Ran: a'), expect.stringContaining('Ran: b')]);
    for (const [at, { client }] of [one!, other!].entries()) {
      await client.tell([['user', 'more']], stream);
      expect(JSON.stringify(bench.sent(-1))).toContain(made[at]?.slice(1, -1));
    }
  },
);
