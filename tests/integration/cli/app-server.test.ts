import { chmod, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { callAppServer } from '../../../middleware/cli/codex/app-server.ts';
import { makeTestFolder } from '../../support/start-middleware.ts';

jest.setTimeout(30_000);

let folder: string;

beforeEach(async () => {
  folder = await makeTestFolder('app-server');
});

afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

/** A program that answers each message with what the given JavaScript makes of it; `message` is the message. */
async function fakeAppServer(reply: string): Promise<string> {
  const program = join(folder, 'codex.cjs');
  await writeFile(
    program,
    `#!${process.execPath}
const { createInterface } = require('node:readline');
const send = (value) => process.stdout.write(JSON.stringify(value) + '\\n');
createInterface({ input: process.stdin }).on('line', (line) => {
  const message = JSON.parse(line);
  ${reply}
});
`,
  );
  await chmod(program, 0o755);
  return program;
}

async function call(reply: string, timeoutMs?: number): Promise<unknown> {
  const program = await fakeAppServer(reply);
  const options = { program, cwd: folder, env: { PATH: process.env['PATH'] } };
  return callAppServer(
    'hooks/list',
    { cwds: [folder] },
    timeoutMs === undefined ? options : { ...options, timeoutMs },
  );
}

const answersInitialize = `if (message.method === 'initialize') send({ id: message.id, result: {} });`;

describe('a call of codex app-server', () => {
  test('begins a session, tells so, and gives the result of the one call [CFG-4]', async () => {
    const seen = `globalThis.seen = [...(globalThis.seen ?? []), message.method];`;
    const answer = `if (message.method === 'hooks/list') send({ id: message.id, result: { seen, params: message.params } });`;
    await expect(call(`${seen} ${answersInitialize} ${answer}`)).resolves.toEqual({
      seen: ['initialize', 'initialized', 'hooks/list'],
      params: { cwds: [folder] },
    });
  });

  test('passes over notifications, questions and lines that are no JSON [CFG-4]', async () => {
    const noise = `console.log('hello'); send({ method: 'configWarning', params: {} }); send({ id: message.id, method: 'ask' });`;
    const answer = `if (message.id !== undefined) send({ id: message.id, result: 'for ' + message.method });`;
    await expect(call(`${noise} ${answer}`)).resolves.toBe('for hooks/list');
  });

  test('fails with the words of a refusal [CFG-4]', async () => {
    const refuse = `if (message.id === 2) send({ id: 2, error: { code: -32601, message: 'unknown method' } });`;
    await expect(call(`${answersInitialize} ${refuse}`)).rejects.toThrow(
      'codex app-server refused hooks/list: unknown method',
    );
  });

  test('fails when the program ends without an answer [CFG-4]', async () => {
    await expect(call('process.exit(4);')).rejects.toThrow('codex app-server ended with exit code 4');
  });

  test('fails at its time limit, and leaves no process [CFG-4]', async () => {
    const pidFile = join(folder, 'pid');
    const hang = `require('node:fs').writeFileSync(${JSON.stringify(pidFile)}, String(process.pid)); setInterval(() => 0, 1000);`;
    await expect(call(hang, 2_500)).rejects.toThrow('did not answer hooks/list within 2.5 s');
    const pid = Number(await readFile(pidFile, 'utf8'));
    expect(() => process.kill(pid, 0)).toThrow('ESRCH');
  });

  test('fails plainly where no Codex is installed [CFG-4]', async () => {
    const options = { program: join(folder, 'nothing'), cwd: folder, env: {} };
    await expect(callAppServer('hooks/list', {}, options)).rejects.toThrow('codex app-server was not found');
  });
});
