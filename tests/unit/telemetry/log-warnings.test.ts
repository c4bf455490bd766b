import { expect, test } from '@jest/globals';
import { logWarnings } from '../../../middleware/platform/telemetry/log-warnings.ts';
import { collectedLog } from '../../support/collected-log.ts';

test.each([
  [['[mcp-sdk] It is deprecated.\u001b[2J'], '[mcp-sdk] It is deprecated.\\u{1b}[2J'],
  [['[mcp-sdk] OAuth "invalid_client" — retrying. Cause: "the secret is s3cr3t"'], '[mcp-sdk] OAuth …'],
  [["[mcp-sdk] excluding tool 'it's s3cr3t' from tools/list: s3cr3t"], '[mcp-sdk] excluding tool …'],
  [['It failed: %s', 's3cr3t'], 'It failed: …'],
  [['It failed:', new Error('s3cr3t')], 'It failed: …'],
  [[new Error('s3cr3t')], '…'],
  [[{ said: 's3cr3t' }, 's3cr3t'], '…'],
])('a library that warns of %j is told in the log in its own words alone [SEC-3]', (words, said) => {
  const { log, lines } = collectedLog();
  const target = { warn: () => undefined } as Pick<Console, 'warn'>;
  logWarnings(target, log);
  target.warn(...words);
  expect(lines).toEqual([{ level: 'warn', message: 'a library warned', said }]);
});
