import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { pathToFileURL } from 'node:url';
import { expect, test } from '@jest/globals';
import { rootDir } from '../../support/compose-middleware.ts';

/** Many more than winston takes in one turn of the event loop. */
const many = 40;

const writesLines = `
  import { createLog } from '${pathToFileURL(join(rootDir, 'middleware/platform/telemetry/log.ts')).href}';
  const log = createLog({ level: 'info', format: 'json', stream: process.stdout });
  for (let n = 0; n < ${many}; n += 1) log[n % 2 === 0 ? 'infoSoon' : 'info']('line', { n });
  log.infoSoon('line', { n: ${many} });
`;

test.each([
  ['has nothing left to do', ''],
  ['is ended by its code', 'process.exit(0);'],
  ['is ended by an error that nobody caught', 'throw new Error("made up");'],
  ['is ended by a promise that nobody caught', 'await Promise.reject(new Error("made up"));'],
  ['is ended in a later turn', 'setImmediate(() => { log.infoSoon("line", { n: 41 }); process.exit(1); });'],
  [
    'is told to end',
    'process.on("SIGTERM", () => process.exit(0)); process.kill(process.pid, "SIGTERM"); setInterval(() => 0, 9);',
  ],
])('a process that %s has written all lines of its log, in their order [OBS-3]', async (_how, end) => {
  const child = spawn(process.execPath, ['--input-type=module', '--eval', writesLines + end], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const [said] = await Promise.all([text(child.stdout), once(child, 'close')]);
  const numbers = said
    .trimEnd()
    .split('\n')
    .map((line) => (JSON.parse(line) as { n: number }).n);
  expect(numbers.slice(0, many + 1)).toEqual(Array.from({ length: many + 1 }, (_, n) => n));
});
