import { mkdir, mkdtemp, realpath } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import type { Caller, Exchange } from '../../../middleware/kernel/exchange.ts';
import { createProjects } from '../../../middleware/pipeline/projects.ts';
import { createSnapshotCache } from '../../../middleware/platform/config/scopes/snapshot-cache.ts';
import { createWorkspaceAccess } from '../../../middleware/platform/config/scopes/workspace-access.ts';
import { Conversation } from '../../../middleware/protocol/conversation/conversation.ts';
import { exchangeWith } from '../../support/made-up-exchange.ts';

function workingIn(folder: string, caller: Caller): Exchange {
  const text = `<environment_context><cwd>${folder}</cwd></environment_context>`;
  const input = [{ type: 'message', role: 'user', content: [{ type: 'input_text', text }] }];
  return exchangeWith({ caller, body: { model: 'm', input } });
}

test('the folder of a conversation is known for its caller, and for nobody who calls one the same [SEC-1]', async () => {
  const home = await realpath(await mkdtemp(join(tmpdir(), 'projects-')));
  const folder = join(home, 'one');
  await mkdir(folder);
  const now = (): number => 0;
  const projects = createProjects({
    snapshots: createSnapshotCache({ ...{ home, now }, env: {}, enterpriseDirs: [], freshMs: 1_000 }),
    access: createWorkspaceAccess({ roots: [home], now }),
    ...{
      defaultWorkspace: undefined,
      homeDir: home,
      onProject: () => undefined,
      onRead: () => undefined,
      now,
    },
  });
  const first: Caller = { kind: 'key', id: 'a' };
  const exchange = workingIn(folder, first);
  const conversation = Conversation.of(exchange.request);
  if (conversation === undefined) throw new Error('the request has a conversation');
  await projects.of(exchange, conversation);
  expect(projects.folderUnread(exchange)?.path).toBe(folder);
  for (const caller of [{ kind: 'key', id: 'b' }, { kind: 'local' }] as const)
    expect(projects.folderUnread(workingIn(join(home, 'two'), caller))).toBeUndefined();
});
