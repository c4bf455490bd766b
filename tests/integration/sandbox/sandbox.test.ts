import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect } from '@jest/globals';
import { ourSecrets } from '../../../middleware/platform/process/our-secrets.ts';
import { createSandboxFixture, onLinux, type SandboxFixture } from '../../support/sandbox-fixture.ts';

let fixture: SandboxFixture;
/** A folder that policies show, beside the project. */
let outside: string;

beforeAll(() => {
  fixture = createSandboxFixture();
  outside = join(fixture.home, 'outside');
  mkdirSync(outside);
});

afterAll(() => {
  fixture.remove();
});

describe('the network', () => {
  onLinux(
    'is not there, loopback of the machine included, unless it was declared [SEC-2] [HK-4]',
    async () => {
      const server = createServer((socket) => socket.end('hello'));
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      try {
        const { port } = server.address() as AddressInfo;
        const line = `cat < /dev/tcp/127.0.0.1/${port}`;
        const without = await fixture.bash(line);
        expect(without).toMatchObject({ exitCode: 1, stdout: '' });
        expect(without.stderr).toContain('Connection refused');
        expect(await fixture.bash(line, { policy: { network: true } })).toMatchObject({
          exitCode: 0,
          stdout: 'hello',
        });
      } finally {
        server.close();
      }
    },
  );

  onLinux('has no interface but its own loopback [SEC-2]', async () => {
    const { stdout } = await fixture.bash("awk -F: 'NR > 2 { print $1 }' /proc/net/dev");
    expect(stdout.trim()).toBe('lo');
  });
});

describe('files', () => {
  onLinux(
    'outside the workspace are seen and cannot be changed; those of the workspace can [SEC-2]',
    async () => {
      const file = join(outside, 'file');
      writeFileSync(file, 'as it was');
      const { stdout, stderr } = await fixture.bash(
        `cat ${file}; echo changed > ${file}; rm -f ${file}; echo new > ${outside}/new; echo fine > made && cat made`,
        { policy: { readable: [outside] } },
      );
      expect(stdout).toBe('as it wasfine');
      expect(stderr.match(/Read-only file system/g)).toHaveLength(3);
      expect(readFileSync(file, 'utf8')).toBe('as it was');
      expect(readFileSync(join(fixture.project, 'made'), 'utf8')).toBe('fine\n');
    },
  );

  onLinux('of the workspace cannot be changed when only reading was declared [HK-4]', async () => {
    const file = fixture.write('project/kept', 'as it was');
    const result = await fixture.bash('cat kept; echo changed > kept', { policy: { writable: [] } });
    expect(result).toMatchObject({ exitCode: 1, stdout: 'as it was' });
    expect(readFileSync(file, 'utf8')).toBe('as it was');
  });

  onLinux(
    'of the workspace are not there without read_repo, but for the script that runs [HK-4]',
    async () => {
      const script = fixture.write('project/.claude/hooks/check.sh', 'echo checked\n');
      fixture.write('project/source.ts', 'code');
      const { stdout } = await fixture.bash(`pwd; find . -type f; bash ${script}`, {
        policy: { readRepo: false, writable: [], readable: [script, fixture.home] },
      });
      expect(stdout.split('\n')).toEqual([fixture.project, './.claude/hooks/check.sh', 'checked']);
    },
  );

  onLinux('of the home folder are not seen, credentials least of all [SEC-2]', async () => {
    const secrets = [
      '.ssh/id_ed25519',
      '.aws/credentials',
      '.codex/auth.json',
      '.config/gh/hosts.yml',
      'letter',
    ];
    for (const path of secrets) fixture.write(path, 'TOP SECRET');
    const { stdout } = await fixture.bash(
      'cd ~; cat .ssh/id_ed25519 .aws/credentials letter; find . -type f; pwd',
    );
    expect(stdout).not.toContain('SECRET');
    expect(stdout).not.toContain('letter');
    expect(stdout).toContain(fixture.home);
  });

  onLinux('that hold credentials stay hidden in a home folder that a policy shows [SEC-2]', async () => {
    fixture.write('.ssh/id_ed25519', 'TOP SECRET');
    fixture.write('.claude/.credentials.json', 'TOP SECRET');
    fixture.write('.claude/hooks/lint.sh', 'a script');
    const { stdout } = await fixture.bash(
      'cd ~; cat .claude/hooks/lint.sh .ssh/* .claude/.credentials.json',
      {
        policy: { readable: [fixture.home] },
      },
    );
    expect(stdout).toBe('a script');
  });

  onLinux('of ours stay hidden wherever they lie, and a policy can hide more [SEC-2]', async () => {
    const key = fixture.write('outside/state/litellm_master_key', 'TOP SECRET');
    const dotEnv = fixture.write('project/.env', 'TOP SECRET');
    const { stdout, stderr } = await fixture.bash(`cat ${key} .env; ls -A ${outside}/state`, {
      sandbox: fixture.sandbox({ secrets: [join(outside, 'state')] }),
      policy: { readable: [outside], hidden: [dotEnv] },
    });
    expect(stdout).toBe('');
    expect(stderr).toContain('.env: Permission denied');
  });

  onLinux('with keys of the installation are hidden, also those that come later [SEC-2]', async () => {
    const root = join(outside, 'installed');
    mkdirSync(root);
    const litellm = { masterKeyFile: join(root, 'key'), configFile: join(root, 'litellm.yaml') };
    const secrets = ourSecrets({ stateDir: join(root, '.state'), litellm }, root);
    const sandbox = fixture.sandbox({ secrets });
    const look = () =>
      fixture.bash(`cat ${root}/*; cat ${root}/.env; ls ${root}`, {
        sandbox,
        policy: { readable: [outside] },
      });
    expect((await look()).stdout).toBe('');
    for (const name of ['.env', 'key', 'litellm.yaml']) writeFileSync(join(root, name), 'TOP SECRET');
    writeFileSync(join(root, 'README.md'), 'read me');
    expect((await look()).stdout).toBe('read meREADME.md\nkey\nlitellm.yaml');
  });

  onLinux('in /tmp are its own, and gone afterwards [SEC-2]', async () => {
    const ours = join(fixture.home, '..', 'ours');
    writeFileSync(ours, 'not yours');
    const { stdout } = await fixture.bash(
      'cat ../../ours; echo mine > /tmp/mine && cat /tmp/mine; echo $TMPDIR',
    );
    expect(stdout).toBe('mine\n/tmp');
    expect((await fixture.bash('cat /tmp/mine')).exitCode).toBe(1);
  });

  onLinux('with the passwords of the machine are closed, to root too [SEC-2]', async () => {
    expect((await fixture.bash('cat /etc/shadow')).stderr).toContain('Permission denied');
  });

  onLinux('of services are hidden: sockets and the secrets that containers are given [SEC-2]', async () => {
    expect((await fixture.bash('ls -A /run /var/run/')).stdout).toBe('/run:\n\n/var/run/:');
  });
});

describe('what would run later, outside', () => {
  onLinux('cannot be changed in a workspace that may be changed [SEC-2]', async () => {
    fixture.write('project/.git/hooks/pre-commit.sample', '');
    fixture.write('project/.claude/settings.json', '{}');
    fixture.write('project/.mcp.json', '{}');
    const { stderr } = await fixture.bash(
      'echo evil > .git/hooks/pre-commit; echo evil > .claude/settings.json; echo evil > .mcp.json; mv .git .git2; rm -rf .claude',
    );
    expect(stderr.match(/Read-only file system|Device or resource busy/g)?.length).toBeGreaterThanOrEqual(4);
    expect(readFileSync(join(fixture.project, '.claude/settings.json'), 'utf8')).toBe('{}');
    expect(readFileSync(join(fixture.project, '.mcp.json'), 'utf8')).toBe('{}');
  });

  onLinux('cannot be changed in a repository that may be changed [SEC-2]', async () => {
    fixture.write('project/.git/hooks/pre-commit.sample', '');
    fixture.write('project/.git/config', 'as it was');
    const { stdout, stderr } = await fixture.bash(
      'echo x > .git/index.lock && echo locked; echo evil > .git/hooks/pre-commit; echo evil > .git/config; mv .git .git2',
      { policy: { writable: [fixture.project, join(fixture.project, '.git')] } },
    );
    expect(stdout).toBe('locked');
    expect(stderr.match(/Read-only file system|Device or resource busy/g)).toHaveLength(3);
    expect(readFileSync(join(fixture.project, '.git/config'), 'utf8')).toBe('as it was');
  });
});

describe('a project that tries to get out', () => {
  onLinux('gets nothing by a link to elsewhere [SEC-2]', async () => {
    const own = createSandboxFixture();
    try {
      own.write('.ssh/id_ed25519', 'TOP SECRET');
      own.write('letters/private', 'TOP SECRET');
      symlinkSync(join(own.home, 'letters'), join(own.project, '.claude'));
      symlinkSync('/etc', join(own.project, 'etc'));
      symlinkSync(join(own.home, '.ssh', 'id_ed25519'), join(own.project, 'key'));
      expect((await own.bash('cat .claude/* key ~/.ssh/* ~/letters/*')).stdout).toBe('');
      const wrap = (more: Parameters<typeof own.policy>[0]) =>
        own.sandbox().wrap({ file: 'true', args: [] }, own.policy(more));
      expect(await wrap({ writable: [join(own.project, 'etc')] })).toEqual({
        kind: 'refused',
        reason: `${own.project}/etc is a link that leads out of the project`,
      });
      expect(await wrap({ readable: [join(own.project, 'key')] })).toEqual({
        kind: 'refused',
        reason: `${own.project}/key is a link that leads out of the project`,
      });
    } finally {
      own.remove();
    }
  });

  onLinux('cannot take the mounts away, whoever runs it [SEC-2]', async () => {
    fixture.write('project/.claude/settings.json', '{}');
    const { stdout } = await fixture.bash(
      [
        'umount .claude && echo out; mount -o remount,bind,rw / && echo out; umount /etc/shadow && echo out',
        'unshare -U true && echo out; grep -E "^Cap(Prm|Eff|Bnd)" /proc/self/status | sort -u -k2 | cut -f2',
      ].join('\n'),
    );
    expect(stdout).toBe('0000000000000000');
  });

  onLinux('does not see the processes of the machine, whose environment has our keys [SEC-2]', async () => {
    const { stdout } = await fixture.bash(
      'cat /proc/[0-9]*/environ | tr "\\0" "\\n" | grep -c ^JEST_WORKER_ID',
    );
    expect(process.env['JEST_WORKER_ID']).toBeDefined();
    expect(stdout).toBe('0');
  });

  onLinux('cannot have the home folder, or all folders, as its workspace to change [SEC-2]', async () => {
    const wrap = (folder: string) =>
      fixture
        .sandbox()
        .wrap({ file: 'true', args: [] }, fixture.policy({ workspace: folder, writable: [folder] }));
    for (const folder of [fixture.home, '/']) {
      expect(await wrap(folder)).toEqual({
        kind: 'refused',
        reason: `${folder} holds the home folder: open the project in a folder of its own`,
      });
    }
  });
});

describe('the environment', () => {
  onLinux('is the harmless part of ours and what was declared [SEC-2] [HK-4]', async () => {
    const env = {
      PATH: process.env['PATH'],
      LANG: 'C.UTF-8',
      GITHUB_TOKEN: 'declared',
      OPENAI_API_KEY: 'TOP SECRET',
      CODEX_PLUS_API_KEYS: 'TOP SECRET',
    };
    const { stdout } = await fixture.bash('env', {
      sandbox: fixture.sandbox({ env }),
      policy: { readEnv: ['GITHUB_TOKEN', 'CODEX_PLUS_API_KEYS'] },
      env: {
        CLAUDE_PROJECT_DIR: fixture.project,
        LD_PRELOAD: `${fixture.project}/evil.so`,
        PATH: fixture.project,
      },
    });
    // bash has two variables of its own.
    const lines = stdout.split('\n').filter((line) => !/^(?:SHLVL|_)=/.test(line));
    const pairs = lines.map((line): [string, string] => {
      const at = line.indexOf('=');
      return [line.slice(0, at), line.slice(at + 1)];
    });
    expect(Object.fromEntries(pairs)).toEqual({
      PATH: process.env['PATH'],
      LANG: 'C.UTF-8',
      HOME: fixture.home,
      TMPDIR: '/tmp',
      GITHUB_TOKEN: 'declared',
      CLAUDE_PROJECT_DIR: fixture.project,
      PWD: fixture.project,
    });
  });
});

onLinux('many commands with different policies at once each have their own [SEC-2]', async () => {
  const results = await Promise.all(
    Array.from({ length: 12 }, (_, index) =>
      fixture.bash(`touch made-by-${index} 2>/dev/null && echo changed; echo ${index}`, {
        policy: { writable: index % 2 === 0 ? [fixture.project] : [] },
      }),
    ),
  );
  expect(results.map(({ stdout }) => stdout)).toEqual(
    results.map((_, index) => (index % 2 === 0 ? `changed\n${index}` : `${index}`)),
  );
});
