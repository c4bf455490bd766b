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

  test('a line hides nothing that others wrote, and is one line; for programs the text is whole [SEC-4]', () => {
    const file = 'a\u001b[2J\u009b31m\u202e\n12:00:00 info  all is well';
    const [forPeople, forPrograms] = (['pretty', 'json'] as const).map((format) =>
      lines(format, (log) => {
        log.warn(`left out ${file}`, { file, of: [file] });
      }),
    );
    expect(forPeople).toHaveLength(1);
    expect(forPrograms).toHaveLength(1);
    expect([forPeople?.[0], forPrograms?.[0]].filter((line) => /[^ -~]/.test(line ?? ''))).toEqual([]);
    expect(JSON.parse(forPrograms?.[0] ?? '')).toMatchObject({
      message: `left out ${file}`,
      file,
      of: [file],
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
