import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from '@jest/globals';
import type { Client } from '@modelcontextprotocol/client';
import { serverSubject } from '../../../../middleware/features/trust/subjects.ts';
import { TrustStore } from '../../../../middleware/features/trust/trust-store.ts';
import type { JsonObject } from '../../../../middleware/kernel/json-object.ts';
import { collectedLog } from '../../../support/collected-log.ts';
import { gatewayPlace, type Era, type GatewayPlace } from '../../../support/mcp/gateway-place.ts';
import { askingFixture, fixture } from '../../../support/mcp/pool-place.ts';
import { lookedAgain } from '../../../support/test-clock.ts';

let place: GatewayPlace;
let trust: TrustStore;
afterEach(() => place.close());

const eras = ['legacy', 'modern'] as const;
const decision = { scope: 'always', by: 'cli', provenance: 'a test' } as const;
const ask = ['mcp__one__pid', 'mcp__theirs__pid'];

/** A server that writes down that it was started. */
const noted = (name = 'one'): JsonObject =>
  fixture('good', { env: { STARTS_FILE: join(place.home, `starts-${name}`) } });

const shop = (): string => join(place.home, 'shop');

const write = (file: string, value: unknown): void => {
  writeFileSync(join(place.home, file), JSON.stringify(value));
};

/** A user's server, and one of a project that is allowed. */
async function begin(one: () => JsonObject): Promise<void> {
  place = await gatewayPlace({}, { settings: { permissions: { ask } } });
  mkdirSync(shop());
  write('.claude.json', { mcpServers: { one: one() } });
  write('shop/.mcp.json', { mcpServers: { theirs: noted('theirs') } });
  const stateDir = join(place.home, 'state');
  trust = new TrustStore({ stateDir, log: collectedLog().log, now: () => new Date() });
  await trust.allow(serverSubject(shop(), 'theirs', noted('theirs')), decision);
}

/** A client whose user accepts each question, before which something happens, and its questions. */
async function asking(
  era: Era,
  change: () => unknown,
): Promise<{ readonly client: Client; readonly asked: readonly string[] }> {
  const asked: string[] = [];
  const client = await place.client(era, {
    query: `?project=${encodeURIComponent(shop())}`,
    options: { capabilities: { elicitation: {} } },
    prepare: (made) => {
      made.setRequestHandler('elicitation/create', async ({ params: { message } }) => {
        asked.push(message);
        await change();
        lookedAgain();
        return { action: 'accept', content: { answer: 'yes', said: 'it', context: 'it' } };
      });
    },
  });
  return { client, asked };
}

/** What a client is told, as a result or an error. */
function toldBy(answer: Promise<unknown>): Promise<string> {
  return answer.then((result) => JSON.stringify(result).replaceAll('\\"', '"'), String);
}

interface Change {
  readonly what: string;
  readonly server: 'one' | 'theirs';
  readonly change: (one: () => JsonObject) => unknown;
  readonly says: RegExp;
}

const deny = (rule: string) => (): void => {
  write('.claude/settings.json', { permissions: { ask, deny: [rule] } });
};

const changes: readonly Change[] = [
  {
    ...{ what: 'its server was removed', server: 'one' },
    change: () => {
      write('.claude.json', { mcpServers: {} });
    },
    says: /no MCP server "one" is configured|There is no tool "one__/,
  },
  {
    ...{ what: 'its server was configured in another way', server: 'one' },
    change: (one) => {
      write('.claude.json', { mcpServers: { one: { ...one(), env: { OTHER: '1' } } } });
    },
    says: /"one" was configured in another way .*Make the call again/,
  },
  ...['mcp__one', 'mcp__one__pid'].map((rule) => ({
    ...{
      what: `${rule} was denied`,
      server: 'one' as const,
      change: deny(rule),
      says: /No such tool available: mcp__one__/,
    },
  })),
  {
    ...{ what: 'a project’s server is not allowed any more', server: 'theirs' },
    change: () => trust.deny(serverSubject(shop(), 'theirs', noted('theirs')), decision),
    says: /"theirs" of .* is switched off/,
  },
];

test.each(eras.flatMap((era) => changes.map((way) => ({ era, ...way }))))(
  'a call of a $era client does not run after a yes where $what meanwhile [MCP-2] [SEC-1]',
  async ({ era, server, change, says }) => {
    await begin(noted);
    const { client, asked } = await asking(era, () => change(noted));
    const told = await toldBy(client.callTool({ name: `${server}__pid`, arguments: {} }));
    expect(asked).toHaveLength(1);
    expect(told).toMatch(says);
    expect(existsSync(join(place.home, `starts-${server}`))).toBe(false);
  },
);

test.each(eras)(
  'a call of a %s client runs after a yes where something else was changed meanwhile [MCP-2]',
  async (era) => {
    await begin(noted);
    const { client } = await asking(era, () => {
      write('.claude.json', { mcpServers: { one: noted(), other: fixture() } });
      write('.claude/settings.json', { permissions: { ask, deny: ['mcp__one__echo', 'mcp__other'] } });
    });
    const { content } = await client.callTool({ name: 'one__pid', arguments: {} });
    expect(content).toEqual([
      { type: 'text', text: readFileSync(join(place.home, 'starts-one'), 'utf8').trim() },
    ]);
  },
);

const asksItself = (): JsonObject => askingFixture('new');

const question = {
  message: 'Who?',
  requestedSchema: { type: 'object', properties: { said: { type: 'string' } } },
};

test.each(eras.flatMap((era) => changes.flatMap((way) => (way.server === 'one' ? [{ era, ...way }] : []))))(
  'a call of a $era client does not go on with an answer for its server where $what meanwhile [MCP-2] [SEC-1]',
  async ({ era, what, change, says }) => {
    await begin(asksItself);
    let times = 0;
    const { client, asked } = await asking(era, () => {
      times += 1;
      if (times > 1) return;
      if (what.startsWith('mcp__one__pid')) deny('mcp__one__ask')();
      else change(asksItself);
    });
    const told = await toldBy(client.callTool({ name: 'one__ask', arguments: { questions: [question] } }));
    expect(asked).toEqual([expect.stringContaining('Who?')]);
    expect(told).not.toContain('accept');
    expect(told).toMatch(says);
  },
);

test.each(eras.flatMap((era) => [true, false].map((isDenied) => ({ era, isDenied }))))(
  'a prompt of a $era client is asked for again with an answer, unless its server was denied meanwhile ($isDenied) [MCP-2] [SEC-1]',
  async ({ era, isDenied }) => {
    const file = join(import.meta.dirname, '../../../support/mcp/conformance-server.ts');
    await begin(() => ({ command: process.execPath, args: [file] }));
    const { client, asked } = await asking(era, isDenied ? deny('mcp__one') : () => undefined);
    const told = await toldBy(client.getPrompt({ name: 'one__test_input_required_result_prompt' }));
    expect(asked).toHaveLength(1);
    expect(told).toContain(isDenied ? 'There is no prompt' : 'In the context of it');
  },
);
