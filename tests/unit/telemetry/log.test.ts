import { PassThrough } from 'node:stream';
import { describe, expect, test } from '@jest/globals';
import { createLog } from '../../../middleware/platform/telemetry/log.ts';

function lines(format: 'json' | 'pretty', write: (log: ReturnType<typeof createLog>) => void): string[] {
  const stream = new PassThrough();
  write(createLog({ level: 'info', format, stream }));
  return String(stream.read() ?? '')
    .split('\n')
    .filter((line) => line !== '');
}

describe('createLog', () => {
  test('a line is a JSON object with time, level, message and the fields, bound ones first, secrets redacted [OBS-3]', () => {
    const [line = ''] = lines('json', (log) => {
      log.child({ id: 'x-1' }).warn(`with sk-${'a'.repeat(20)}`, { token: 5, accessToken: 'secret', n: 1 });
    });
    expect(JSON.parse(line)).toEqual({
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
      level: 'warn',
      message: 'with [redacted:api-key]',
      id: 'x-1',
      token: 5,
      accessToken: '[redacted]',
      n: 1,
    });
  });

  test('a level below the threshold writes nothing', () => {
    expect(
      lines('json', (log) => {
        log.debug('quiet');
      }),
    ).toEqual([]);
  });

  test('a line for people has the time of day, the level, the message and its fields', () => {
    expect(
      lines('pretty', (log) => {
        log.info('listening', { port: 3000, host: 'localhost' });
      }),
    ).toEqual([expect.stringMatching(/^\d\d:\d\d:\d\d info {2}listening {2}port=3000 host=localhost$/)]);
  });
});
