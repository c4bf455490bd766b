import { expect, test } from '@jest/globals';
import { failureIn, failureOf } from '../../../middleware/protocol/apis/answer-failure.ts';

test.each([
  ['an error of OpenAI', { error: { message: 'm', type: 't', code: 'c' } }, { message: 'm', code: 'c' }],
  [
    'an error without a code',
    { error: { message: 'm', type: 't', code: null } },
    { message: 'm', code: 't' },
  ],
  [
    'an error of Anthropic',
    { type: 'error', error: { type: 't', message: 'm' } },
    { message: 'm', code: 't' },
  ],
  [
    'a failed response',
    { type: 'response.failed', response: { error: { code: 'c', message: 'm' } } },
    { message: 'm', code: 'c' },
  ],
  ['an event of a failure', { type: 'error', message: 'm', code: 'c' }, { message: 'm', code: 'c' }],
  ['a text alone', { error: 'm' }, { message: 'm', code: undefined }],
  ['a detail', { detail: 'm' }, { message: 'm', code: undefined }],
])('the failure in %s [HK-1]', (_what, told, failure) => {
  expect(failureOf(told)).toEqual(failure);
  expect(failureIn(JSON.stringify(told))).toEqual(failure);
});

test.each(['<html>', '', '[1]', 'null'])('there is none in %j [HK-1]', (text) => {
  expect(failureIn(text)).toBeUndefined();
});
