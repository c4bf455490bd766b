import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
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

describe('files', () => {
  onLinux(
    'of a project below /tmp are its own alone, and what lies beside it is not there [SEC-2]',
    async () => {
      const folder = realpathSync(mkdtempSync('/tmp/codex-plus-beside-'));
      try {
        for (const name of ['project', 'beside']) mkdirSync(join(folder, name));
        writeFileSync(join(folder, 'beside', 'file'), 'not yours');
        const workspace = join(folder, 'project');
        const { stdout } = await fixture.bash(
          `cd ${workspace} && pwd && echo mine > made; cat ../beside/file; mkdir -p ../beside; echo no > ../beside/file; ls -A ..`,
          { policy: { workspace, writable: [workspace] } },
        );
        expect(stdout.split('\n')).toEqual([workspace, 'beside', 'project']);
        expect(readFileSync(join(workspace, 'made'), 'utf8')).toBe('mine\n');
        expect(readFileSync(join(folder, 'beside', 'file'), 'utf8')).toBe('not yours');
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    },
  );

  onLinux('of a version manager outside this home folder are seen where its shims are on PATH', async () => {
    const manager = join(fixture.home, '..', 'manager');
    for (const name of ['shims', 'libexec', 'versions/1/bin']) {
      mkdirSync(join(manager, name), { recursive: true });
    }
    writeFileSync(join(manager, 'versions/1/bin/tool'), '#!/bin/sh\necho the tool\n', { mode: 0o755 });
    writeFileSync(join(manager, 'libexec/manage'), `#!/bin/sh\nexec ${manager}/versions/1/bin/tool\n`, {
      mode: 0o755,
    });
    writeFileSync(join(manager, 'shims/tool'), `#!/bin/sh\nexec ${manager}/libexec/manage\n`, {
      mode: 0o755,
    });
    writeFileSync(join(manager, 'key'), 'TOP SECRET');
    const PATH = `${manager}/shims:${process.env['PATH'] ?? ''}`;
    const sandbox = fixture.sandbox({ env: { PATH } });
    const { stdout } = await fixture.bash(`tool; cat ${manager}/key`, { sandbox });
    expect(stdout).toBe('the tool');
  });
});
