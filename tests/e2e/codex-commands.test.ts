import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { makeStateDir, startCodexAsModel, type CodexAsModel } from '../support/codex-as-model.ts';
import { codexProgram } from '../support/codex-program.ts';
import { calls, says } from '../support/fake-upstream/step.ts';
import { until } from '../support/until.ts';

const stateDir = makeStateDir('codex-commands');
/** Has a line for each sandbox that Codex started. */
const sandboxes = join(stateDir, 'sandboxes');
let codex: CodexAsModel;
let upstream: CodexAsModel['upstream'];
let client: CodexAsModel['client'];

beforeAll(async () => {
  codex = await startCodexAsModel(stateDir, {
    env: { PATH: `${countedSandboxes()}:${process.env['PATH'] ?? ''}` },
  });
  ({ upstream, client } = codex);
});

beforeEach(() => {
  rmSync(sandboxes, { force: true });
});

afterAll(() => codex.close());

/** A folder with a `bwrap` that notes each of its starts. */
function countedSandboxes(): string {
  const folder = join(stateDir, 'bin');
  mkdirSync(folder);
  const real = execFileSync('/bin/sh', ['-c', 'command -v bwrap']).toString().trim();
  writeFileSync(join(folder, 'bwrap'), `#!/bin/sh\necho "$*" >>'${sandboxes}'\nexec '${real}' "$@"\n`);
  chmodSync(join(folder, 'bwrap'), 0o755);
  return folder;
}

/** What the model's command printed. */
async function outputOf(cmd: string, yieldMs = 9000): Promise<string> {
  upstream.use((_, index) =>
    upstream.requests[index]?.raw.includes('function_call_output')
      ? says('done')
      : calls('exec_command', { cmd, yield_time_ms: yieldMs }),
  );
  const answer = await client.chat.completions.create({ model: 'codex-5', messages: hello });
  expect(answer.choices[0]?.message.content).toBe('done');
  const { input } = upstream.requests.at(-1)?.json as { input: { readonly output?: string }[] };
  return input.at(-1)?.output ?? '';
}

/** Whether there is a process with this command line. */
function runs(commandLine: string): boolean {
  const lines = execFileSync('ps', ['-A', '-o', 'args=']).toString().split('\n');
  return lines.includes(commandLine);
}

const hello = [{ role: 'user' as const, content: 'Say hello.' }];

test('a command of the model sees the folder of its turn, no file and no variable of ours [API-1]', async () => {
  const secret = join(stateDir, 'secret');
  writeFileSync(secret, 'kept-to-ourselves');
  const output = await outputOf(
    `cat ${secret}; cat ${codexProgram}; touch made && echo wrote; env; pwd; ls -A; cat /etc/hostname`,
  );
  expect(output).toMatch(/\/codex\/work\/[^/\s]+\/turn-/);
  expect(output).toContain('Read-only file system');
  expect(output).toContain('/etc/hostname: Permission denied');
  expect(output).not.toMatch(/kept-to-ourselves|wrote|CODEX_PLUS_WORKER_KEY/);
  // This middleware's own folder stays, those of turns do not.
  const folders = (): readonly string[] =>
    readdirSync(join(stateDir, 'codex', 'work'), { recursive: true, encoding: 'utf8' });
  await until(() => !folders().some((name) => name.includes('turn-')));
});

test('where the model runs no command, one look at the folder of its turn is all that takes a sandbox [API-1]', async () => {
  upstream.use(() => says('warm'));
  await client.chat.completions.create({ model: 'codex-5', messages: hello });
  rmSync(sandboxes, { force: true });
  await client.chat.completions.create({ model: 'codex-5', messages: hello });
  const started = existsSync(sandboxes) ? readFileSync(sandboxes, 'utf8').trim().split('\n') : [];
  expect(started.filter((args) => args.includes('fs-helper'))).toHaveLength(1);
});

test('what a command of the model left running ends with its turn [API-1]', async () => {
  const sleeps = `sleep ${40_000 + process.pid}`;
  await outputOf(`${sleeps} & setsid ${sleeps} & ${sleeps}`, 250);
  await until(() => !runs(sleeps));
});

test('a command of a client that left ends as well [API-1]', async () => {
  const sleeps = `sleep ${50_000_000 + process.pid}`;
  upstream.use(() => calls('exec_command', { cmd: sleeps, yield_time_ms: 30_000 }));
  const left = new AbortController();
  const asked = client.chat.completions.create(
    { model: 'codex-5', messages: hello },
    { signal: left.signal },
  );
  const failed = expect(asked).rejects.toThrow('aborted');
  await until(() => runs(sleeps));
  left.abort();
  await failed;
  await until(() => !runs(sleeps));
});
