import { expect, test } from '@jest/globals';
import type { LoginState } from '../../../middleware/features/mcp/login/logins.ts';
import type { McpServers } from '../../../middleware/features/mcp/mcp-servers.ts';
import type { ServerState } from '../../../middleware/features/mcp/server-state.ts';
import { ExchangeState } from '../../../middleware/kernel/exchange-state.ts';
import type { Exchange } from '../../../middleware/kernel/exchange.ts';
import type { ProjectSnapshot } from '../../../middleware/platform/config/scopes/project-snapshot.ts';
import { LoginNotes, loginNotesKey } from '../../../middleware/pipeline/mcp/login-notes.ts';

test('a login is asked for again only after somebody signed in, whatever else the server failed with meanwhile [MCP-4]', async () => {
  const wanting = 'MCP server "a$&b" wants you to sign in: `/mcp auth a$&b` does';
  let state: Partial<ServerState> = { wantsLogin: true, lastError: wanting };
  let login: LoginState = { isSignedIn: false, wants: 'login', scope: undefined };
  const servers = {
    stateOf: () => state as ServerState,
    logins: { stateOf: () => Promise.resolve(login) },
  } as unknown as McpServers;
  const notes = new LoginNotes(servers);
  const project = { settings: { rules: [] } } as unknown as ProjectSnapshot;
  const said = async (): Promise<unknown> => {
    const exchange = {
      ...{ client: { kind: 'codex' }, turn: { kind: 'user', isOneShot: false } },
      state: new ExchangeState(),
    } as unknown as Exchange;
    await notes.note(exchange, { key: 'c', place: { project, conversation: 'c' }, names: ['a$&b'] });
    return exchange.state.get(loginNotesKey);
  };
  const sentence = ['MCP server "a$&b" wants you to sign in: `$mcp auth a$&b` does.'];
  expect([await said(), await said()]).toEqual([sentence, undefined]);
  state = { wantsLogin: false, lastError: 'MCP server "a$&b" timed out' };
  expect(await said()).toBeUndefined();
  state = { wantsLogin: true, lastError: wanting };
  expect(await said()).toBeUndefined();
  login = { isSignedIn: true, wants: undefined, scope: undefined };
  state = { wantsLogin: false, lastError: undefined };
  expect(await said()).toBeUndefined();
  state = { wantsLogin: true, lastError: wanting };
  login = { isSignedIn: false, wants: 'expired', scope: undefined };
  expect(await said()).toEqual(sentence);
});
