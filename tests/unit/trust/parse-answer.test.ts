import { expect, test } from '@jest/globals';
import { parseTrustAnswer } from '../../../middleware/features/trust/parse-answer.ts';

test.each([
  ['y', 'yes'],
  ['Y', 'yes'],
  ['yes', 'yes'],
  [' Yes\n', 'yes'],
  ['n', 'no'],
  ['NO', 'no'],
  ['a', 'always'],
  ['Always', 'always'],
] as const)('%j answers the question [HK-3]', (message, answer) => {
  expect(parseTrustAnswer(message)).toBe(answer);
});

test.each([
  '',
  'yes please',
  'ok',
  'yy',
  'y/n',
  '(Y)',
  'no, why?',
  'always run the tests',
  'yes\nno',
  '/y',
  'ja',
  'true',
])('%j is no answer, so that nothing is allowed by chance [HK-3]', (message) => {
  expect(parseTrustAnswer(message)).toBeUndefined();
});
