import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import { rootDir } from '../../support/compose-middleware.ts';

const run = promisify(execFile);
const middleware = join(rootDir, 'middleware');

/** What a process prints that ends with code 0, while every line of its log fails. */
async function printed(work: string): Promise<readonly string[]> {
  const program = `
    import { catchUnexpected } from ${JSON.stringify(join(middleware, 'catch-unexpected.ts'))};
    import { runOwned } from ${JSON.stringify(join(middleware, 'platform/process/request-owner.ts'))};
    const fail = () => { throw new Error('made to fail'); };
    const say = (text) => process.stdout.write(text + '\\n');
    const stop = () => { say('stops'); fail(); };
    catchUnexpected({ log: { error: () => { say('log'); fail(); } }, stop });
    ${work}
    setTimeout(() => say('goes on'), 50);`;
  const { stdout } = await run(process.execPath, ['--input-type=module', '-e', program]);
  return stdout.trim().split('\n');
}

describe('a fault that nothing expected, where the log fails as well', () => {
  const owner = `{ id: 'a', end: () => { say('ended'); fail(); } }`;

  test('ends the request that it belongs to, and nothing else [PX-4]', async () => {
    expect(await printed(`runOwned(${owner}, () => setImmediate(fail));`)).toEqual([
      'log',
      'ended',
      'goes on',
    ]);
    expect(await printed(`runOwned(${owner}, () => { Promise.reject(new Error('x')); });`)).toEqual([
      'log',
      'ended',
      'goes on',
    ]);
  });

  test('ends the process in order where it is an exception of nobody, and not where it is a promise [PX-4]', async () => {
    expect(await printed('setImmediate(fail);')).toEqual(['log', 'stops', 'goes on']);
    expect(await printed(`Promise.reject(new Error('x'));`)).toEqual(['log', 'goes on']);
  });
});
