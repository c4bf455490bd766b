import { mkdir, mkdtemp, realpath } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import type { Caller, Exchange } from '../../../middleware/kernel/exchange.ts';
import { createProjects, type ProjectLookup } from '../../../middleware/pipeline/projects.ts';
import { createSnapshotCache } from '../../../middleware/platform/config/scopes/snapshot-cache.ts';
import { createWorkspaceAccess } from '../../../middleware/platform/config/scopes/workspace-access.ts';
import { Conversation } from '../../../middleware/protocol/conversation/conversation.ts';
import { exchangeWith } from '../../support/made-up-exchange.ts';

function workingIn(
  folder: string,
  caller: Caller,
  {
    behind = [],
    workspaces = {},
  }: { readonly behind?: readonly object[]; readonly workspaces?: object } = {},
): Exchange {
  const input = [contextOf(folder), ...behind];
  const headers = ['x-codex-turn-metadata', JSON.stringify({ workspaces })];
  return exchangeWith({ caller, headers, body: { model: 'm', input } });
}

function contextOf(folder: string): object {
  const text = `<environment_context><cwd>${folder}</cwd></environment_context>`;
  return { type: 'message', role: 'user', content: [{ type: 'input_text', text }] };
}

interface Made {
  readonly projects: ProjectLookup;
  readonly home: string;
  readonly goOn: (ms: number) => void;
}

async function createLookup(): Promise<Made> {
  const home = await realpath(await mkdtemp(join(tmpdir(), 'projects-')));
  let time = 0;
  const now = (): number => time;
  const projects = createProjects({
    snapshots: createSnapshotCache({ ...{ home, now }, env: {}, enterpriseDirs: [], freshMs: 1_000 }),
    access: createWorkspaceAccess({ roots: [home], now }),
    ...{ defaultWorkspace: undefined, homeDir: home, now },
    ...{ onProject: () => undefined, onRead: () => undefined },
  });
  const goOn = (ms: number): void => {
    time += ms;
  };
  return { projects, home, goOn };
}

function conversationOf(exchange: Exchange): Conversation {
  const conversation = Conversation.of(exchange.request);
  if (conversation === undefined) throw new Error('the request has a conversation');
  return conversation;
}

test('the folder of a conversation is known for its caller, and for nobody who calls one the same [SEC-1]', async () => {
  const { projects, home } = await createLookup();
  const folder = join(home, 'one');
  await mkdir(folder);
  const first: Caller = { kind: 'key', id: 'a' };
  const exchange = workingIn(folder, first);
  await projects.of(exchange, conversationOf(exchange));
  expect(projects.folderUnread(exchange)?.path).toBe(folder);
  for (const caller of [{ kind: 'key', id: 'b' }, { kind: 'local' }] as const)
    expect(projects.folderUnread(workingIn(join(home, 'two'), caller))).toBeUndefined();
});

describe('the folder of a conversation that goes on', () => {
  const caller: Caller = { kind: 'local' };
  const prompt = { type: 'message', role: 'user', content: [{ type: 'input_text', text: 'go on' }] };

  test('is known however long ago it was told, while nothing else is told of it', async () => {
    const { projects, goOn } = await createLookup();
    const first = workingIn('/one', caller, { behind: [prompt] });
    await projects.of(first, conversationOf(first));
    goOn(3_600_000);
    const later = workingIn('/one', caller, { behind: [prompt, prompt, { type: 'reasoning' }] });
    expect(projects.folderUnread(later)?.path).toBe('/one');
    goOn(3_600_000);
    expect(projects.folderUnread(later)?.path).toBe('/one');
  });

  test.each<{ name: string; told: Exchange }>([
    { name: 'another folder', told: workingIn('/two', caller) },
    { name: 'a further folder', told: workingIn('/one', caller, { behind: [prompt, contextOf('/two')] }) },
    { name: 'the same folder again', told: workingIn('/one', caller, { behind: [contextOf('/one')] }) },
    {
      name: 'the folder in the output of a tool',
      told: workingIn('/one', caller, {
        behind: [{ type: 'function_call_output', output: JSON.stringify(contextOf('/two')) }],
      }),
    },
    { name: 'another repository', told: workingIn('/one', caller, { workspaces: { '/two': {} } }) },
    {
      name: 'more than is compared',
      told: workingIn('/one', caller, { behind: Array.from({ length: 30 }, () => contextOf('/one')) }),
    },
  ])('is looked for in it where it tells $name', async ({ told }) => {
    const { projects, goOn } = await createLookup();
    const first = workingIn('/one', caller);
    await projects.of(first, conversationOf(first));
    goOn(40);
    expect(projects.folderUnread(told)).toBeUndefined();
  });
});
