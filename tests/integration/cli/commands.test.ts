import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createCliPlace, type CliPlace } from './cli-place.ts';

let place: CliPlace;

beforeEach(() => {
  place = createCliPlace();
});

afterEach(() => {
  place.remove();
});

const source = (name: string) => ({
  ...{ scope: 'project', family: 'claude', baseDir: place.project },
  file: join(place.project, '.claude/commands', name),
});

const preview = (...args: readonly string[]) => place.run(['commands', 'preview', ...args]);

describe('commands list', () => {
  test('has every command with its file and where it comes from, and the built-in ones [CMD-5]', async () => {
    place.write({
      'project/.claude/commands/frontend/component.md':
        '---\nargument-hint: <name>\n---\nMake a component.\n',
      'home/.codex/commands/fix.md': '---\ndescription: Fix an issue\nuser-invocable: false\n---\nFix $1.\n',
      'project/.claude/commands/help.md': 'Our own help.\n',
    });
    const { exitCode, json } = await place.run(['commands', 'list', '--json']);
    const { commands, workspace, builtIns } = json() as {
      readonly commands: unknown;
      readonly workspace: string;
      readonly builtIns: readonly { readonly name: string }[];
    };
    expect([exitCode, workspace]).toEqual([0, place.project]);
    expect(commands).toEqual([
      {
        ...{
          name: 'fix',
          namespace: '',
          kind: 'markdown',
          description: 'Fix an issue',
          userInvocable: false,
        },
        source: {
          ...{ scope: 'user', family: 'codex', baseDir: join(place.home, '.codex') },
          file: join(place.home, '.codex/commands/fix.md'),
        },
      },
      {
        ...{ name: 'frontend:component', namespace: 'frontend', bareName: 'component', kind: 'markdown' },
        ...{ description: 'Make a component.', argumentHint: '<name>', userInvocable: true },
        source: source('frontend/component.md'),
      },
      {
        ...{
          name: 'help',
          namespace: '',
          kind: 'markdown',
          description: 'Our own help.',
          userInvocable: true,
        },
        source: source('help.md'),
      },
    ]);
    const names = builtIns.map(({ name }) => name);
    expect([names.includes('status'), names.includes('help')]).toEqual([true, false]);
  });

  test('of a pattern has those whose name or description it means [CMD-5]', async () => {
    place.write({
      'project/.claude/commands/review.md': 'Look at the change.\n',
      'project/.claude/commands/ship.md': '---\nargument-hint: <where>\n---\nShip after a review.\n',
      'project/.claude/commands/other.md': 'Something else.\n',
    });
    expect((await place.run(['commands', 'list', 'REV*'])).stdout).toBe(
      [
        '/review        Look at the change.   project  .claude/commands/review.md',
        '/ship <where>  Ship after a review.  project  .claude/commands/ship.md',
        '',
      ].join('\n'),
    );
    expect(await place.run(['commands', 'list', 'nothing-like-it'])).toMatchObject({
      ...{ exitCode: 0, stdout: 'no command has this name or description\n' },
    });
  });

  test('leaves out the skills that are there only for Codex to offer our commands [CMD-5]', async () => {
    place.write({
      'home/.codex/skills/save-it/SKILL.md':
        '---\nname: save-it\n---\n<!-- codex-plus command -->\ncommand: save\n',
    });
    expect((await place.run(['commands', 'list', 'save-it'])).stdout).toBe(
      'no command has this name or description\n',
    );
  });
});

/** A command that would leave a mark if any of it ran. */
const deploy = [
  '---',
  'allowed-tools: Bash(touch:*), Edit(./ran)',
  '---',
  'Before: !`touch ran`',
  'Not this: !`curl https://example.com`',
  'Deploy $0 to $1, see @docs/deploy.md.',
  '',
].join('\n');

describe('commands preview', () => {
  test('shows the prompt, the files, and of each shell line what the rules say; nothing is run [CMD-5]', async () => {
    place.write({ 'project/.claude/commands/deploy.md': deploy });
    const { exitCode, json } = await preview('--json', '/deploy "the site" prod');
    expect(exitCode).toBe(0);
    const file = source('deploy.md');
    const rule = { behavior: 'allow', text: 'Bash(touch:*)', source: file };
    expect(json()).toEqual({
      ...{ kind: 'command', name: 'deploy', source: file, hints: [], trust: 'waiting' },
      blocks: [
        '<command-message>deploy</command-message>\n<command-name>/deploy</command-name>\n<command-args>"the site" prod</command-args>\n',
        'Before: !`touch ran`\nNot this: !`curl https://example.com`\nDeploy the site to prod, see @docs/deploy.md.\n',
      ],
      shellLines: [
        {
          command: 'touch ran',
          decision: {
            ...{ behavior: 'allow', rule },
            reason: `Allowed by the allow rule Bash(touch:*) of the front matter of a command (${file.file})`,
          },
        },
        {
          command: 'curl https://example.com',
          decision: { behavior: 'none', reason: 'This command requires approval' },
        },
      ],
      fileReferences: ['docs/deploy.md'],
    });
    expect(existsSync(join(place.project, 'ran'))).toBe(false);
  });

  test('tells people the same [CMD-5]', async () => {
    place.write({ 'project/.claude/commands/deploy.md': deploy });
    const { stdout } = await preview('/deploy', 'the site', 'prod');
    expect(stdout).toBe(
      [
        '/deploy of project .claude/commands/deploy.md',
        '',
        'Prompt:',
        '  <command-message>deploy</command-message>',
        '  <command-name>/deploy</command-name>',
        '  <command-args>"the site" prod</command-args>',
        '',
        '  Before: !`touch ran`',
        '  Not this: !`curl https://example.com`',
        '  Deploy the site to prod, see @docs/deploy.md.',
        '',
        'Shell lines (waits for trust):',
        '  touch ran',
        `    Allowed by the allow rule Bash(touch:*) of the front matter of a command (${source('deploy.md').file})`,
        '  curl https://example.com',
        '    Not allowed: This command requires approval',
        '',
        'Files:',
        '  docs/deploy.md',
        '',
        'Nothing was run or sent.',
        '',
      ].join('\n'),
    );
  });

  test("denies what a rule of the user's settings denies, whatever the command allows itself [CMD-5]", async () => {
    place.write({
      'project/.claude/commands/deploy.md': deploy,
      'home/.claude/settings.json': { permissions: { deny: ['Bash(touch:*)'] } },
    });
    const { json } = await preview('--json', '/deploy');
    const { shellLines } = json() as {
      readonly shellLines: readonly { readonly decision: { readonly behavior: string } }[];
    };
    expect(shellLines[0]?.decision.behavior).toBe('deny');
  });

  test('knows whether the file is trusted; what is not of a project need not be [CMD-5] [HK-3]', async () => {
    place.write({
      'project/.claude/commands/deploy.md': deploy,
      'project/.claude/commands/plain.md': 'Say hello.\n',
      'home/.claude/commands/mine.md': deploy,
    });
    const trust = async (prompt: string) =>
      ((await preview('--json', prompt)).json() as { readonly trust: string }).trust;
    expect(await trust('/deploy')).toBe('waiting');
    await place.run(['trust', 'add', '--all', '--yes']);
    expect(await trust('/deploy')).toBe('allowed');
    expect(await trust('/plain')).toBe('not-needed');
    expect(await trust('/mine')).toBe('not-needed');
  });

  test('of a script names it and does not run it [CMD-5]', async () => {
    const mark = join(place.root, 'ran');
    place.write({
      'project/.claude/commands/gen.js': `require('node:fs').writeFileSync(${JSON.stringify(mark)}, ''); module.exports = () => 'x';\n`,
    });
    const { json } = await preview('--json', '/gen', 'x');
    expect(json()).toMatchObject({ script: source('gen.js').file, shellLines: [], trust: 'waiting' });
    expect(existsSync(mark)).toBe(false);
  });

  test('gives the command what looks like an option, and behind -- also ours [CMD-5]', async () => {
    place.write({ 'project/.claude/commands/echo.md': 'Say $ARGUMENTS.\n' });
    const said = async (...args: readonly string[]) =>
      /Say (.*)\./.exec((await preview(...args)).stdout)?.[1];
    expect(await said('/echo', '--fast', '-x')).toBe('--fast -x');
    expect(await said('--', '/echo', '--json')).toBe('--json');
  });

  test('counts arguments as the middleware is configured to [CMD-5]', async () => {
    place.write({ 'project/.claude/commands/echo.md': 'Say $1.\n' });
    expect((await preview('/echo', 'a', 'b')).stdout).toContain('Say b.');
    place.write({ 'codex_plus.json': { commands: { positionals: 'one' } } });
    expect((await preview('/echo', 'a', 'b')).stdout).toContain('Say a.');
  });

  test('of a built-in command says that no model gets it [CMD-5]', async () => {
    expect(await preview('/status')).toMatchObject({
      ...{ exitCode: 0, stdout: '/status is built in: Codex-Plus answers it, and nothing goes to a model\n' },
    });
    expect((await preview('--json', ':status')).json()).toEqual({ kind: 'built-in', name: 'status' });
  });

  test.each([
    [['/reviw'], 1, 'there is no command /reviw: the prompt passes as it is. Did you mean /review?\n'],
    [['hello'], 2, 'a prompt that calls a command begins with a slash: /name …\n'],
    [['/usr/bin'], 2, 'a prompt that calls a command begins with a slash: /name …\n'],
    [['/model-only'], 1, '/model-only is for the model; a user cannot call it\n'],
    [[], 2, "error: missing required argument 'prompt'\n"],
  ])('of %j fails and says why [CMD-5]', async (args, exitCode, stderr) => {
    place.write({
      'project/.claude/commands/review.md': 'Review.\n',
      'project/.claude/commands/model-only.md': '---\nuser-invocable: false\n---\nX\n',
    });
    expect(await preview(...args)).toMatchObject({ exitCode, stdout: '', stderr });
  });
});
