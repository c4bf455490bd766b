import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect } from '@jest/globals';
import { createSandboxFixture, onLinux, type SandboxFixture } from '../../support/sandbox-fixture.ts';

let fixture: SandboxFixture;

beforeAll(() => {
  fixture = createSandboxFixture();
});

afterAll(() => {
  fixture.remove();
});

describe('sockets that are files', () => {
  onLinux(
    'cannot be connected to, wherever they are seen, with the network declared too [SEC-2]',
    async () => {
      const path = join(fixture.project, 'service.sock');
      const server = createServer((socket) => socket.end('hello'));
      await new Promise<void>((resolve) => server.listen(path, resolve));
      const script = `require('net').connect(${JSON.stringify(path)}).on('error', ({ code }) => console.log(code)).on('data', (text) => console.log(String(text)))`;
      const line = `${process.execPath} -e ${JSON.stringify(script)}`;
      try {
        expect((await fixture.bash(line)).stdout).toBe('EPERM');
        expect((await fixture.bash(line, { policy: { network: true } })).stdout).toBe('EPERM');
      } finally {
        server.close();
      }
    },
  );

  onLinux('are not needed for programs that start programs [SEC-2]', async () => {
    const script = `require('child_process').execFile('echo', ['from a child'], (_, text) => console.log(text.trim()))`;
    const { stdout } = await fixture.bash(`${process.execPath} -e ${JSON.stringify(script)}`);
    expect(stdout).toBe('from a child');
  });

  onLinux(
    'cannot be made by other ways: virtual machines, pairs of datagrams, other numbers [SEC-2]',
    async () => {
      const script = [
        'import ctypes, errno, socket',
        'libc = ctypes.CDLL(None, use_errno=True)',
        'def said(result): return errno.errorcode[ctypes.get_errno()] if result == -1 else "made"',
        'print("vsock", said(libc.socket(40, 1, 0)))',
        'pair = (ctypes.c_int * 2)()',
        'print("datagrams", said(libc.socketpair(1, 2, 0, pair)))',
        'print("streams", said(libc.socketpair(1, 1, 0, pair)))',
        'print("io_uring", said(libc.syscall(425, 8, 0)))',
        'print("tcp", said(libc.socket(2, 1, 0)))',
      ].join('\n');
      const { stdout } = await fixture.bash(`/usr/bin/python3 -c '${script}'`);
      expect(stdout.split('\n')).toEqual([
        'vsock EPERM',
        'datagrams EPERM',
        'streams made',
        'io_uring ENOSYS',
        'tcp made',
      ]);
    },
  );
});
