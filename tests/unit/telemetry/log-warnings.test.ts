import { expect, test } from '@jest/globals';
import { logWarnings } from '../../../middleware/platform/telemetry/log-warnings.ts';
import { collectedLog } from '../../support/collected-log.ts';

test('what a library warns of on the console is a line of the log [SEC-3]', () => {
  const { log, lines } = collectedLog();
  const target = { warn: () => undefined } as Pick<Console, 'warn'>;
  logWarnings(target, log);
  target.warn('[mcp-sdk] OAuth %s\u001b[2J', 'invalid_client', { a: 1 });
  expect(lines).toEqual([
    {
      ...{ level: 'warn', message: 'a library warned' },
      said: '[mcp-sdk] OAuth invalid_client\\u{1b}[2J { a: 1 }',
    },
  ]);
});
