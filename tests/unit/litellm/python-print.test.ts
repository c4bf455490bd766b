import { describe, expect, test } from '@jest/globals';
import {
  providersError,
  withoutLitellm,
} from '../../../middleware/protocol/translation/faults/litellm-fault.ts';
import { fromPrintedDict } from '../../../middleware/protocol/translation/faults/python-print.ts';
import { growsLinearly } from '../../support/grows-linearly.ts';

describe('[RT-4] what Python prints', () => {
  test.each([
    [`{'a': 'b', 'c': None, 'd': [True, False, 1.5]}`, { a: 'b', c: null, d: [true, false, 1.5] }],
    [`{'a': "it's", 'b': 'say "hi"', 'c': 'it\\'s "both"'}`, { a: "it's", b: 'say "hi"', c: 'it\'s "both"' }],
    [
      String.raw`{'a': 'one\ntwo\\n', 'b': '\x07\u2028\U0001f600'}`,
      { a: 'one\ntwo\\n', b: '\u0007\u2028\u{1f600}' },
    ],
    [`{'a': 'None of it is True'}`, { a: 'None of it is True' }],
  ])('%s is read', (text, value) => {
    expect(fromPrintedDict(text)).toEqual(value);
  });

  test.each(["{'a': 'b", "{'a': <object at 0x7f>}", "{'a'}", '{', "['a']"])('%s is no dict', (text) => {
    expect(fromPrintedDict(text)).toBeUndefined();
  });

  test('text that never ends is looked through once', async () => {
    const make = (size: number): string => `{'${String.raw`\'`.repeat(size)}`;
    await growsLinearly(make, fromPrintedDict, 20_000);
  });
});

describe('[RT-4] an error that LiteLLM has as Python prints it', () => {
  const told =
    "litellm.RateLimitError: RateLimitError: OpenAIException - Error code: 429 - {'error': {'message': 'slow down', 'type': 'requests', 'param': None, 'code': 'rate_limit_exceeded'}}\n\nLiteLLM: model group 'busy' failed with the error above. No fallback was attempted.";

  test("is in its provider's words and names", () => {
    expect(withoutLitellm(told)).toBe('slow down');
    expect(providersError(told)).toMatchObject({ type: 'requests', code: 'rate_limit_exceeded' });
    expect(withoutLitellm("Error code: 404 - {'detail': 'Not Found'}")).toBe('Not Found');
  });

  test('keeps what stands within a sentence', () => {
    const said = "the input {'message': 'of the request'} is wrong";
    expect(withoutLitellm(said)).toBe(said);
    expect(providersError(said)).toBeUndefined();
  });
});
