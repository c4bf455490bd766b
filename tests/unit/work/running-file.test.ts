import { rm } from 'node:fs/promises';
import { expect, test } from '@jest/globals';
import { readRunningFile, writeRunningFile } from '../../../middleware/platform/store/running-file.ts';
import { makeTestFolder } from '../../support/start-middleware.ts';

const told = { url: 'http://127.0.0.1:1', version: '1', startedAt: '2026-01-01T00:00:00.000Z' };

test('who stops takes back its own word alone, and that of one that still runs stands again [API-3]', async () => {
  const folder = await makeTestFolder('running-file');
  try {
    // This process and the one that started it: both run.
    const first = writeRunningFile(folder, { ...told, pid: process.ppid });
    const second = writeRunningFile(folder, { ...told, pid: process.pid });
    second();
    expect(readRunningFile(folder)?.pid).toBe(process.ppid);
    first();
    expect(readRunningFile(folder)).toBeUndefined();
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
