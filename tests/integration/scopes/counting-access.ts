import {
  nodeFileAccess,
  type FileAccess,
} from '../../../middleware/platform/config/scopes/files/file-access.ts';

/**
 * The real file system, with a note of what it was asked. Its files are as if they had lain there for a while, unless they
 * are wanted as young as they are: young ones are read again, since their times may not tell two contents apart.
 */
export function countingAccess({ young = false } = {}): {
  readonly access: FileAccess;
  readonly calls: string[];
} {
  const calls: string[] = [];
  const noted =
    <T extends readonly unknown[], R>(name: string, call: (path: string, ...rest: T) => R) =>
    (path: string, ...rest: T): R => {
      calls.push(`${name} ${path}`);
      return call(path, ...rest);
    };
  return {
    calls,
    access: {
      stamp: noted('stamp', nodeFileAccess.stamp),
      read: noted('read', async (path, maxBytes: number) => {
        const reading = await nodeFileAccess.read(path, maxBytes);
        return reading.kind === 'bytes' && !young ? { ...reading, isSettled: true } : reading;
      }),
      names: noted('names', nodeFileAccess.names),
    },
  };
}
