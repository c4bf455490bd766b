import { PassThrough, Writable } from 'node:stream';
import { describe, expect, test } from '@jest/globals';
import { createLog } from '../../../middleware/platform/telemetry/log.ts';
import { until } from '../../support/until.ts';

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

  describe('a line that may wait', () => {
    test('goes out behind those before it, with the next that does not wait, in one write [OBS-3]', () => {
      const { log, writes } = writtenLog();
      log.info('one');
      log.infoSoon?.('two');
      log.child({ id: 'x-1' }).infoSoon?.('three');
      expect(writes.map(messagesOf)).toEqual([['one']]);
      log.error('four');
      log.info('five');
      expect(writes.map(messagesOf)).toEqual([['one'], ['two', 'three', 'four'], ['five']]);
    });

    test('goes out soon by itself', async () => {
      const { log, writes } = writtenLog();
      log.infoSoon?.('one');
      log.infoSoon?.('two');
      expect(writes).toEqual([]);
      await until(() => writes.length > 0);
      expect(writes.map(messagesOf)).toEqual([['one', 'two']]);
      log.infoSoon?.('three');
      await until(() => writes.length > 1);
      expect(writes.map(messagesOf)).toEqual([['one', 'two'], ['three']]);
    });

    test('goes out at once where much waits already', () => {
      const { log, writes } = writtenLog();
      const said = 'x'.repeat(1_000);
      for (let n = 0; n < 100; n += 1) log.infoSoon?.(String(n), { said });
      expect(writes).toHaveLength(1);
      expect(writes[0]?.length).toBeLessThan(70_000);
      log.info('last');
      expect(writes.flatMap(messagesOf)).toEqual([
        ...Array.from({ length: 100 }, (_, n) => String(n)),
        'last',
      ]);
    });

    test('of a level below the threshold is none', () => {
      const { log, writes } = writtenLog('warn');
      log.infoSoon?.('quiet');
      log.warn('loud');
      expect(writes.map(messagesOf)).toEqual([['loud']]);
    });

    test('has the secrets taken out that do not look like one', () => {
      const { log, writes } = writtenLog('info', (line) => line.replaceAll('s3cr3t', '…'));
      log.infoSoon?.('one', { said: 's3cr3t' });
      log.info('two');
      expect(writes.join('')).toContain('"said":"…"');
    });
  });
});

/** A log, and what was written of it at once. */
function writtenLog(level: 'info' | 'warn' = 'info', clean?: (line: string) => string) {
  const writes: string[] = [];
  const stream = new Writable({
    decodeStrings: false,
    write(chunk: string, _encoding, done) {
      writes.push(chunk);
      done();
    },
  });
  return { log: createLog({ level, format: 'json', stream, ...(clean && { clean }) }), writes };
}

function messagesOf(written: string): readonly unknown[] {
  expect(written).toMatch(/\n$/);
  return written
    .trimEnd()
    .split('\n')
    .map((line) => (JSON.parse(line) as Record<string, unknown>)['message']);
}
