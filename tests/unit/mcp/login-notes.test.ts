import { expect, test } from '@jest/globals';
import type { LoginState } from '../../../middleware/features/mcp/login/logins.ts';
import type { McpServers } from '../../../middleware/features/mcp/mcp-servers.ts';
import type { ServerState } from '../../../middleware/features/mcp/server-state.ts';
import type { ProjectSnapshot } from '../../../middleware/platform/config/scopes/project-snapshot.ts';
import { LoginNotes } from '../../../middleware/pipeline/mcp/login-notes.ts';
import { exchangeWith } from '../../support/made-up-exchange.ts';

test('a login is asked for again only after somebody signed in, whatever else the server failed with meanwhile [MCP-4]', async () => {
  const wanting = 'MCP server "a$&b" wants you to sign in: `/mcp auth a$&b` does';
  let state: Partial<ServerState> = { wantsLogin: true, lastError: wanting };
  let login: LoginState = { isSignedIn: false, wants: 'login', scope: undefined };
  const servers = {
    failedStateOf: () => state as ServerState,
    logins: { stateOf: () => Promise.resolve(login) },
  } as unknown as McpServers;
  const notes = new LoginNotes(servers);
  const project = { settings: { rules: [] } } as unknown as ProjectSnapshot;
  const said = (): Promise<readonly string[]> =>
    notes.tell(exchangeWith(), { key: 'c', place: { project, conversation: 'c' }, names: ['a$&b'] });
  const sentence = ['MCP server "a$&b" wants you to sign in: `$mcp auth a$&b` does.'];
  expect([await said(), await said()]).toEqual([sentence, []]);
  state = { wantsLogin: false, lastError: 'MCP server "a$&b" timed out' };
  expect(await said()).toEqual([]);
  state = { wantsLogin: true, lastError: wanting };
  expect(await said()).toEqual([]);
  login = { isSignedIn: true, wants: undefined, scope: undefined };
  state = { wantsLogin: false, lastError: undefined };
  expect(await said()).toEqual([]);
  state = { wantsLogin: true, lastError: wanting };
  login = { isSignedIn: false, wants: 'expired', scope: undefined };
  expect(await said()).toEqual(sentence);
});
