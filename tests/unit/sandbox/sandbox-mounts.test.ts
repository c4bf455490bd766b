import { describe, expect, test } from '@jest/globals';
import {
  isShown,
  isWithin,
  planMounts,
  type Mount,
} from '../../../middleware/platform/process/guarded/sandbox-mounts.ts';
import { seatbeltRules } from '../../../middleware/platform/process/sandbox/seatbelt.ts';

type Paths = Readonly<Partial<Record<Mount['kind'], readonly string[]>>>;

function plan(paths: Paths): readonly Mount[] {
  const places = (kind: Mount['kind']) => (paths[kind] ?? []).map((path) => ({ path, isFolder: true }));
  return planMounts({
    hidden: places('hidden'),
    private: places('private'),
    readable: places('readable'),
    writable: places('writable'),
    secret: places('secret'),
  });
}

const lines = (paths: Paths): readonly string[] => plan(paths).map(({ kind, path }) => `${kind} ${path}`);

describe('the mounts of a sandbox', () => {
  test('are made from the outside in, so that the innermost counts', () => {
    expect(
      lines({
        hidden: ['/home'],
        private: ['/home/ann', '/tmp'],
        readable: ['/home/ann/.nvm', '/home/ann/project/.claude'],
        writable: ['/home/ann/project'],
        secret: ['/home/ann/project/keys'],
      }),
    ).toEqual([
      'hidden /home',
      'private /tmp',
      'private /home/ann',
      'readable /home/ann/.nvm',
      'writable /home/ann/project',
      'readable /home/ann/project/.claude',
      'secret /home/ann/project/keys',
    ]);
  });

  test('leave out what is hidden anyway and what is readable anyway', () => {
    expect(
      lines({
        hidden: ['/home', '/home/backup', '/var/log'],
        readable: ['/usr', '/home/ann/project', '/home/ann/project/docs'],
        secret: ['/home/ann/.ssh', '/etc/shadow'],
      }),
    ).toEqual(['hidden /home', 'secret /etc/shadow', 'hidden /var/log', 'readable /home/ann/project']);
  });

  test.each<[string, Paths, string]>([
    ['a writable place is not hidden', { hidden: ['/a'], writable: ['/a'] }, 'writable /a'],
    ['a home folder is empty, not closed', { hidden: ['/a'], private: ['/a'] }, 'private /a'],
    ['a secret stays one', { secret: ['/a'], writable: ['/a'] }, 'secret /a'],
  ])('%s when the same path is named twice', (_name, paths, expected) => {
    expect(lines(paths)).toEqual([expected]);
  });

  test('tell what is seen', () => {
    const mounts = plan({
      hidden: ['/home'],
      readable: ['/home/ann/project'],
      secret: ['/home/ann/project/keys'],
    });
    const paths = [
      '/usr/bin',
      '/home',
      '/home/bob',
      '/home/ann/project/a',
      '/home/ann/project/keys/k',
      '/homes',
    ];
    expect(paths.map((path) => isShown(path, mounts))).toEqual([true, false, false, true, false, true]);
  });

  test('a folder with the same beginning is another folder', () => {
    expect([
      isWithin('/ab', '/a'),
      isWithin('/a/b', '/a'),
      isWithin('/a', '/a'),
      isWithin('/a', '/'),
    ]).toEqual([false, true, true, true]);
  });
});

describe('the rules for macOS', () => {
  const mounts = plan({
    hidden: ['/Users'],
    private: ['/Users/ann'],
    readable: ['/Users/ann/.nvm', '/Users/ann/project/.claude'],
    writable: ['/Users/ann/project'],
    secret: ['/Users/ann/project/keys'],
  });
  const filesystem = {
    denyRead: ['/Users', '/Users/ann', '/Users/ann/project/keys'],
    allowRead: ['/Users/ann/.nvm', '/Users/ann/project', '/Users/ann/project/.claude'],
    allowWrite: ['/Users/ann/project'],
    denyWrite: ['/Users/ann/project/.claude'],
  };

  test('say the same as the mounts, without network [SEC-2]', () => {
    expect(seatbeltRules(mounts, { network: false })).toEqual({
      network: { allowedDomains: [], deniedDomains: [] },
      filesystem,
    });
  });

  test('leave the network alone when it was declared', () => {
    expect(seatbeltRules(mounts, { network: true })).toEqual({ filesystem });
  });
});
