import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseJsonObject } from '../../../middleware/kernel/json-object.ts';
import { createAnswerTail } from '../../../middleware/protocol/answer-tail.ts';
import { failureOfAnswer, isSurelyFine } from '../../../middleware/protocol/apis/answer-failure.ts';
import { memberNearEnd } from '../../../middleware/protocol/json/member-near-end.ts';
import { usageOfAnswer } from '../../../middleware/protocol/usage.ts';
import { holds } from '../../support/fuzz.ts';

const key = fc.constantFrom(
  'usage',
  'error',
  'type',
  'status',
  'a',
  '',
  '"usage"',
  'a"usage',
  'a\\',
  ',"usage":{',
  'us\u00e4ge',
);
const leaf = fc.oneof(
  fc.constantFrom('usage', 'error', 'failed', '"usage":', ',', '{', '}', ']', '\\', '\ud800', null, 1, true),
  fc.record({ input_tokens: fc.nat(9), output_tokens: fc.nat(9) }),
  fc.string({ maxLength: 4 }),
);

interface Level {
  readonly list: unknown;
  readonly object: unknown;
  readonly value: unknown;
}

const { value } = fc.letrec<Level>((tie) => ({
  list: fc.array(tie('value'), { maxLength: 3 }),
  object: fc.dictionary(key, tie('value'), { maxKeys: 3 }),
  value: fc.oneof({ maxDepth: 3 }, leaf, tie('list'), tie('object')),
}));

/** Names with a sign as an escape, which means the same. */
const escaped = (text: string, isEscaped: boolean): string =>
  isEscaped
    ? JSON.stringify(text)
        .replace(/^"u/, String.raw`"\u0075`)
        .replace(/^"e/, String.raw`"\u0065`)
    : JSON.stringify(text);

/** A JSON text of members, repeats among them, with white space where it may be. */
const objectText = fc
  .tuple(
    fc.array(fc.tuple(key, value, fc.nat(5)), { maxLength: 6 }),
    fc.stringMatching(/^[ \t\r\n]{0,3}$/),
    fc.constantFrom(undefined, 1),
  )
  .map(([members, gap, indent]) => {
    const parts = members.map(
      ([name, content, dice]) =>
        `${gap}${escaped(name, dice === 0)}${gap}:${gap}${JSON.stringify(content, undefined, indent)}${gap}`,
    );
    return `{${parts.join(',')}}${gap}`;
  });

describe('an answer that is looked through from its end', () => {
  test('says the same of a member as all of it parsed', () =>
    holds(
      [objectText],
      (text) => {
        const found = memberNearEnd(text, 'usage');
        if (found !== undefined) expect(found.value).toEqual(parseJsonObject(text)?.['usage']);
      },
      3_000,
    ));

  test('is surely fine only where it says at no place that it failed', () =>
    holds(
      [objectText],
      (text) => {
        if (isSurelyFine(text)) expect(failureOfAnswer(parseJsonObject(text) ?? {})).toBeUndefined();
      },
      3_000,
    ));

  test.each([
    '{"id":"r","error":null,"usage":{"input_tokens":1},"user":null,"metadata":{}}',
    '{"choices":[{"a":"\\u00e4, \\"usage\\":{}"}],"usage":{"prompt_tokens":1,"prompt_tokens_details":{"cached_tokens":0}}}\n',
    '{ "usage" : { "input_tokens" : 1 } , "metadata" : { "a" : "b" } }',
    '{\n  "content": [],\n  "usage": {\n    "input_tokens": 1\n  }\n}',
  ])('is found to have a usage without the rest of it: %s', (text) => {
    expect(memberNearEnd(text, 'usage')).toEqual({ value: parseJsonObject(text)?.['usage'] });
  });

  test('reports what it used and how it failed as one that is parsed, and nothing where it breaks off [PX-4]', () =>
    holds(
      [objectText, fc.nat(), fc.constantFrom('responses', 'chat', 'messages')],
      (text, at, api) => {
        const whole = Buffer.from(text);
        for (const bytes of [whole, whole.subarray(0, at % (whole.length + 1))]) {
          const length = String(whole.length);
          const tail = createAnswerTail(api, 200, [
            'content-type',
            'application/json',
            'content-length',
            length,
          ]);
          tail.feed(bytes.subarray(0, 5));
          tail.feed(bytes.subarray(5));
          const answer = parseJsonObject(bytes.toString());
          expect([tail.usage(), tail.failure()]).toEqual(
            answer === undefined
              ? [undefined, undefined]
              : [usageOfAnswer(api, answer), failureOfAnswer(answer)],
          );
        }
      },
      1_000,
    ));
});
