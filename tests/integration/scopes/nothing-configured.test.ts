import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { createProjectHooks } from '../../../middleware/features/hooks/config/project-hooks.ts';
import type { Caller, Exchange } from '../../../middleware/kernel/exchange.ts';
import { createProjects } from '../../../middleware/pipeline/projects.ts';
import { hasNoHooks } from '../../../middleware/pipeline/request/hooks/open-turn.ts';
import { areLocal } from '../../../middleware/platform/config/scopes/files/local-paths.ts';
import { createWorkspaceAccess } from '../../../middleware/platform/config/scopes/workspace-access.ts';
import { exchangeWith } from '../../support/made-up-exchange.ts';
import { createProjectFolders, type ProjectFolders } from './project-folders.ts';

let folders: ProjectFolders;

beforeEach(() => {
  folders = createProjectFolders();
});

afterEach(() => {
  folders.remove();
});

/** What decides whether a request has to do with rules or hooks, looking at the files at every request. */
function createParts() {
  const now = (): number => 0;
  const projects = createProjects({
    snapshots: folders.cache({ now }),
    access: createWorkspaceAccess({ roots: [folders.project], freshMs: 0, now }),
    ...{ defaultWorkspace: undefined, homeDir: folders.home, now },
    ...{ onProject: () => undefined, onRead: () => undefined },
  });
  const hooks = createProjectHooks({ env: {}, freshMs: 0, now });
  const parts = {
    ...{ folderUnread: projects.folderUnread, namedNow: projects.namedNow, hooksNow: hooks.now },
    ...{ sessions: { knows: () => false }, asksUndecided: false },
  };
  const isQuiet = (exchange: Exchange): boolean => hasNoHooks(exchange, parts);
  /** As a request does that has to wait for what is configured. */
  const look = async (exchange: Exchange, folder: string | undefined): Promise<void> => {
    const project = await projects.named(exchange.caller.kind, folder);
    if (project !== undefined) await hooks.of(project, exchange);
  };
  return { isQuiet, look };
}

function inFolder(folder: string | undefined, caller: Caller = { kind: 'local' }): Exchange {
  return exchangeWith({
    caller,
    headers: folder === undefined ? [] : ['x-codex-plus-workspace', folder],
  });
}

test('that nothing is configured is known without waiting, until something is', async () => {
  const isPrompt = await areLocal([folders.root]);
  const { isQuiet, look } = createParts();
  const exchange = inFolder(folders.project);
  expect(isQuiet(exchange)).toBe(false);
  await look(exchange, folders.project);
  expect(isQuiet(exchange)).toBe(isPrompt);
  folders.write({ 'project/.claude/settings.json': { permissions: { deny: ['Edit'] } } });
  expect(isQuiet(exchange)).toBe(false);
  await look(exchange, folders.project);
  expect(isQuiet(exchange)).toBe(false);
  rmSync(join(folders.project, '.claude'), { recursive: true });
  await look(exchange, folders.project);
  expect(isQuiet(exchange)).toBe(isPrompt);
});

test('a script for every prompt counts from the next request on, though no file names it', async () => {
  const isPrompt = await areLocal([folders.root]);
  const { isQuiet, look } = createParts();
  const exchange = inFolder(undefined);
  await look(exchange, undefined);
  expect(isQuiet(exchange)).toBe(isPrompt);
  folders.write({ 'home/.codexplus/hooks/pre_input.sh': '#!/bin/sh\n' });
  expect(isQuiet(exchange)).toBe(false);
});

test('each caller has an answer of its own: who may not name a folder has nothing of it', async () => {
  const isPrompt = await areLocal([folders.root]);
  const { isQuiet, look } = createParts();
  folders.write({ 'home/.claude/settings.json': { permissions: { deny: ['Edit'] } } });
  mkdirSync(join(folders.project, 'inside'));
  const outside = inFolder(folders.enterprise, { kind: 'key', id: 'a' });
  const inside = inFolder(join(folders.project, 'inside'), { kind: 'key', id: 'a' });
  await look(outside, folders.enterprise);
  await look(inside, join(folders.project, 'inside'));
  expect([isQuiet(outside), isQuiet(inside)]).toEqual([isPrompt, false]);
  expect(isQuiet(inFolder(folders.enterprise))).toBe(false);
});
