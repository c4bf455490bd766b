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
