import { expect, test } from '@jest/globals';
import { closeObservers } from '../../../middleware/composition/close-observers.ts';
import type { Observer } from '../../../middleware/kernel/outcome.ts';

test('observers are closed one after the other, whatever becomes of one of them', async () => {
  const closed: string[] = [];
  const errors: unknown[] = [];
  const observer = (name: string, close?: () => Promise<void>): Observer => ({
    name,
    finished: () => undefined,
    ...(close !== undefined && { close }),
  });
  const closes = (name: string): Observer =>
    observer(name, async () => {
      await Promise.resolve();
      closed.push(name);
    });
  await closeObservers(
    [
      closes('first'),
      observer('without'),
      observer('fails', () => Promise.reject(new Error('the disk is full'))),
      observer('throws', () => {
        throw new Error('it is no promise');
      }),
      observer('hangs', () => new Promise(() => undefined)),
      closes('last'),
    ],
    {
      error: (message, fields) => {
        errors.push([message, fields?.['observer'], String(fields?.['error'])]);
      },
    },
    20,
  );
  expect(closed).toEqual(['first', 'last']);
  const message = 'an observer could not be closed';
  expect(errors).toEqual([
    [message, 'fails', 'Error: the disk is full'],
    [message, 'throws', 'Error: it is no promise'],
    [message, 'hangs', 'Error: it was not closed within 0.02 s'],
  ]);
});
