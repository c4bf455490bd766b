import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { call, text } from '../../support/checked-bench.ts';
import { fixture } from '../../support/mcp/pool-place.ts';
import { useWholeBench } from '../../support/whole-bench.ts';

const bench = useWholeBench();
const turns = 500;

/** Only Linux tells. */
const held = (): { readonly files: number; readonly children: readonly string[] } => ({
  files: readdirSync('/proc/self/fd').length,
  children: readFileSync(`/proc/self/task/${process.pid}/children`, 'utf8')
    .split(' ')
    .filter((pid) => pid !== ''),
});

(process.platform === 'linux' ? test : test.skip)(
  'turns that call tools leave no process, no file and no handle behind [MCP-5]',
  async () => {
    await bench.file('home/.codexplus/mcp.json', JSON.stringify({ mcpServers: { one: fixture() } }));
    const turn = async (at: number): Promise<void> => {
      bench.upstream.forget();
      bench.answers([call('mcp__one__echo', `c${at}`, { text: 'x' })], [text('ok')]);
      await bench.client(0).tell([['user', `go ${at}`]], true);
      expect(bench.sent(-1).at(-1)).toEqual(['output', `c${at}`, 'x']);
    };
    for (let at = 0; at < 10; at += 1) await turn(at);
    const before = held();
    const handles = process.getActiveResourcesInfo().length;
    for (let at = 0; at < turns; at += 1) await turn(at);
    expect(held().children).toEqual(before.children);
    // Connections of the test's own clients come and go.
    expect(held().files).toBeLessThan(before.files + 10);
    expect(process.getActiveResourcesInfo().length).toBeLessThan(handles + 10);
  },
  // Five hundred turns are many for the usual limit on a busy machine.
  200_000,
);
