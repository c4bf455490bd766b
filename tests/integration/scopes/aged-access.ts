import { statSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from '@jest/globals';
import {
  idOf,
  kindOf,
  nodeFileAccess,
  type FileAccess,
  type FileStats,
} from '../../../middleware/platform/config/scopes/files/file-access.ts';
import type { ProjectSnapshot } from '../../../middleware/platform/config/scopes/project-snapshot.ts';
import type { SnapshotCache } from '../../../middleware/platform/config/scopes/snapshot-cache.ts';

const olderMs = 10_000;

/** The real file system as if all in it had lain there for a while, on a disk that answers at once; with a count of what had to be waited for. */
export function agedAccess(): { readonly access: Required<FileAccess>; readonly waits: () => number } {
  let waits = 0;
  const access: Required<FileAccess> = {
    stamp: async (path) => {
      waits += 1;
      const stamp = await nodeFileAccess.stamp(path);
      const stats = 'id' in stamp ? aged(statSync(path, { throwIfNoEntry: false })) : undefined;
      return stats === undefined ? stamp : { kind: kindOf(stats), id: idOf(stats) };
    },
    read: async (path, maxBytes) => {
      waits += 1;
      const reading = await nodeFileAccess.read(path, maxBytes);
      if (reading.kind !== 'bytes') return reading;
      const stats = aged(statSync(path));
      return { ...reading, id: stats === undefined ? reading.id : idOf(stats), isSettled: true };
    },
    names: nodeFileAccess.names,
    prompt: {
      ...nodeFileAccess.prompt,
      areLocal: () => Promise.resolve(true),
      stats: (path) => aged(nodeFileAccess.prompt.stats(path)),
    },
  };
  return { access, waits: () => waits };
}

function aged(stats: FileStats | undefined): FileStats | undefined {
  if (stats === undefined) return undefined;
  const { dev, ino, size, mtimeMs, ctimeMs } = stats;
  return {
    ...{ dev, ino, size, mtimeMs: mtimeMs - olderMs, ctimeMs: ctimeMs - olderMs },
    isFile: () => stats.isFile(),
    isDirectory: () => stats.isDirectory(),
  };
}

/** What is configured, when it is known without waiting. */
export async function known(cache: SnapshotCache, workspace: string): Promise<ProjectSnapshot> {
  await cache.of(workspace);
  const snapshot = await cache.of(workspace);
  expect(cache.now(workspace)).toBe(snapshot);
  await tick();
  return snapshot;
}

/** Longer than one of the clock that the kernel stamps files with. */
export async function tick(): Promise<void> {
  await sleep(20);
}
