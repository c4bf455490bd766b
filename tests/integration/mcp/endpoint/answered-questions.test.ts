import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from '@jest/globals';
import { fixture } from '../../../support/mcp/pool-place.ts';
import { gatewayPlace, type Era, type GatewayPlace } from '../../../support/mcp/gateway-place.ts';
import { remoteFixture } from '../../../support/mcp/remote-fixture.ts';
import { until } from '../../../support/until.ts';

let place: GatewayPlace;
const ends: (() => Promise<void>)[] = [];
afterEach(async () => {
  await place.close();
  for (const end of ends.splice(0)) await end();
});

/** An older server that answers a call while its question is open, once it is released. */
async function goingOn(
  over: 'stdio' | 'http',
): Promise<{ readonly file: string; readonly release: () => void }> {
  if (over === 'stdio') {
    place = await gatewayPlace({ one: fixture('old') });
    const file = join(place.home, 'release');
    return {
      file,
      release: () => {
        writeFileSync(file, '');
      },
    };
  }
  const remote = await remoteFixture('sessions');
  ends.push(remote.close);
  place = await gatewayPlace({ one: { type: 'http', url: remote.url } });
  return { file: '', release: remote.release };
}

/** A client whose user is asked, and answers when it is told to. */
async function asked(era: Era) {
  const question = Promise.withResolvers<AbortSignal>();
  const answer = Promise.withResolvers<undefined>();
  const client = await place.client(era, {
    options: { capabilities: { elicitation: {} } },
    prepare: (made) => {
      made.setRequestHandler('elicitation/create', async (_, { mcpReq }) => {
        question.resolve(mcpReq.signal);
        await answer.promise;
        return { action: 'accept', content: { name: 'Ada' } };
      });
    },
  });
  return { client, question: question.promise, answer };
}

test.each(['stdio', 'http'] as const)(
  'at /mcp what a server over %s answers behind its question is used at once by an older client, whose question ends [MCP-2]',
  async (over) => {
    const { file, release } = await goingOn(over);
    const { client, question } = await asked('legacy');
    const called = client.callTool({ name: 'one__ask-and-go-on', arguments: { file } });
    const shown = await question;
    expect(shown.aborted).toBe(false);
    release();
    expect((await called).content).toEqual([{ type: 'text', text: 'went on' }]);
    await until(() => shown.aborted);
  },
);

test.each(['stdio', 'http'] as const)(
  'at /mcp what a server over %s answers behind its question is what a newer client gets for whatever its user says [MCP-2]',
  async (over) => {
    const { file, release } = await goingOn(over);
    const { client, question, answer } = await asked('modern');
    const called = client.callTool({ name: 'one__ask-and-go-on', arguments: { file } });
    await question;
    release();
    await until(() =>
      place.middleware.lines.some(({ tool, outcome }) => tool === 'ask-and-go-on' && outcome === 'ok'),
    );
    answer.resolve(undefined);
    expect((await called).content).toEqual([{ type: 'text', text: 'went on' }]);
  },
);
