import { statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { BoundedMap } from '../../../../kernel/bounds/bounded-map.ts';
import { codeOf } from '../../../../kernel/errors.ts';

/**
 * The file systems of Linux that answer from memory or a disk of the machine's own, as statfs(2) names them. Any other (NFS, SMB,
 * FUSE, what a virtual machine mounts of its host) may take milliseconds, or hang with the machine behind it.
 */
const localTypes: ReadonlySet<number> = new Set([
  0xef53, // ext2 to ext4
  0x58465342, // XFS
  0x9123683e, // Btrfs
  0xf2f52010, // F2FS
  0x2fc12fc1, // ZFS
  0xca451a4e, // bcachefs
  0x01021994, // tmpfs
  0x794c7630, // overlayfs
]);

const maxPaths = 10_000;
/** Something else may be mounted there later. */
export const believedMs = 60_000;

const known = new BoundedMap<string, { readonly isLocal: boolean; readonly at: number }>(maxPaths);

/** Whether all of these paths, existing or not, are on disks of this machine, as far as it tells. */
export async function areLocal(paths: Iterable<string>): Promise<boolean> {
  if (process.platform !== 'linux') return false;
  const all = await Promise.all([...new Set(paths)].map(isLocal));
  return all.every((one) => one);
}

async function isLocal(path: string): Promise<boolean> {
  const before = known.get(path);
  const now = performance.now();
  if (before !== undefined && now - before.at < believedMs) return before.isLocal;
  const is = await hasLocalType(path);
  known.set(path, { isLocal: is, at: now });
  return is;
}

async function hasLocalType(path: string): Promise<boolean> {
  try {
    return localTypes.has((await statfs(path)).type);
  } catch (error) {
    const isAbsent = codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR';
    return isAbsent && dirname(path) !== path && isLocal(dirname(path));
  }
}
