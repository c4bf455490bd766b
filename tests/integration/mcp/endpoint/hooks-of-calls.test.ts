import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { gatewayPlace, type GatewayPlace } from '../../../support/mcp/gateway-place.ts';
import { askingFixture, bareFixture } from '../../../support/mcp/pool-place.ts';

let place: GatewayPlace;
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hooks-of-calls-'));
});
afterEach(async () => {
  await place.close();
  rmSync(folder, { recursive: true });
});

const eras = ['legacy', 'modern'] as const;

/** Hooks that write down which of them ran, and say something behind a call that failed. */
function hooksIn(file: string): object {
  const said = {
    hookSpecificOutput: { hookEventName: 'PostToolUseFailure', additionalContext: 'mind this' },
  };
  const run = (event: string, more = ''): object => ({
    [event]: [{ hooks: [{ type: 'command', command: `echo ${event} >> ${file}${more}` }] }],
  });
  return {
    ...{ ...run('PreToolUse'), ...run('PostToolUse') },
    ...run('PostToolUseFailure', `; echo '${JSON.stringify(said)}'`),
  };
}

function ran(file: string): readonly string[] {
  return readFileSync(file, 'utf8').trim().split('\n');
}

test.each(eras)(
  'a call of a %s client that its server wants once more, and asks nothing, is decided once [MCP-2] [SEC-1]',
  async (era) => {
    const file = join(folder, 'ran');
    place = await gatewayPlace({ one: askingFixture('new') }, { settings: { hooks: hooksIn(file) } });
    const client = await place.client(era);
    const { content } = await client.callTool({ name: 'one__later', arguments: {} });
    expect(content).toEqual([{ type: 'text', text: 'it is done' }]);
    expect(ran(file)).toEqual(['PreToolUse', 'PostToolUse']);
  },
);

test.each(eras)(
  'hooks hear that a server answered a call of a %s client with an error of the protocol, which stays one [MCP-2]',
  async (era) => {
    const file = join(folder, 'ran');
    place = await gatewayPlace({ one: bareFixture() }, { settings: { hooks: hooksIn(file) } });
    const client = await place.client(era);
    const error: unknown = await client
      .callTool({ name: 'one__refuse', arguments: {} })
      .catch((one: unknown) => one);
    expect(error).toMatchObject({ code: -32_602, data: { why: 'who knows' } });
    expect(String(error)).toMatch(/it is not so\n.*mind this/);
    expect(ran(file)).toEqual(['PreToolUse', 'PostToolUseFailure']);
  },
);
