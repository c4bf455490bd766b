import { describe, expect, test } from '@jest/globals';
import { redact, redactValue } from '../../../middleware/platform/telemetry/redact.ts';
import { madeUpJwt } from '../../support/made-up-jwt.ts';

// Put together here, so that no scanner takes this file for a leak.
const secrets: readonly (readonly [string, string])[] = [
  ['api-key', `sk-${'a1B2'.repeat(6)}`],
  ['api-key', `sk-proj-${'a1B2_-'.repeat(8)}`],
  ['anthropic-key', `sk-ant-api03-${'x'.repeat(20)}`],
  ['api-key', `pk.${'a1B2'.repeat(6)}`],
  ['aws-key', `AKIA${'ABCD1234'.repeat(2)}`],
  ['jwt', madeUpJwt()],
  ['github-token', `ghp_${'a'.repeat(36)}`],
  ['github-token', `github_pat_${'a'.repeat(30)}`],
  ['gitlab-token', `glpat-${'a'.repeat(20)}`],
  ['slack-token', `xoxb-${'1'.repeat(12)}-abc`],
  ['google-key', `AIza${'a'.repeat(35)}`],
  ['npm-token', `npm_${'a'.repeat(36)}`],
  ['stripe-key', `sk_live_${'a'.repeat(24)}`],
  ['access-token', `at-${'a'.repeat(24)}`],
  ['huggingface-token', `hf_${'a'.repeat(24)}`],
  ['private-key', `-----BEGIN RSA PRIVATE KEY-----\nabc\n-----END RSA PRIVATE KEY-----`],
];

describe('redact', () => {
  for (const [kind, secret] of secrets) {
    test(`a ${kind} (${secret.slice(0, 6)}…) is replaced, and nothing around it [OBS-3]`, () => {
      expect(redact(`before "${secret}", after`)).toBe(`before "[redacted:${kind}]", after`);
    });
  }

  test('a bearer header and a password in a URL go, whatever they look like [OBS-3]', () => {
    expect(redact('authorization: Bearer abcdefgh1234')).toBe('authorization: [redacted:credential]');
    expect(redact('at postgres://user:p4ss@db/x')).toBe('at postgres:[redacted:password]db/x');
  });

  test('ordinary text stays: ids, models, paths, words that begin like a key', () => {
    for (const text of [
      'gpt-5 answered 01a20e43-2604-76a2-b30f-9e172419ce25 in 12 ms',
      'http://127.0.0.1:4000/v1/responses?x=y',
      'ask-me, task-force, risk-free and at-home',
      'basic auth',
    ]) {
      expect(redact(text)).toBe(text);
    }
  });

  test('a megabyte that nearly matches is gone through, not tried in every way', () => {
    for (const unit of ['sk-', '-----BEGIN ', '//a:', 'eyJ', 'bearer ']) {
      expect(redact(unit.repeat(350_000)).length).toBeGreaterThan(0);
    }
  });
});

describe('redactValue', () => {
  test('fields that name a secret are masked whole at any depth; the others keep their values [OBS-3]', () => {
    expect(
      redactValue({
        Authorization: 'x',
        model: 'gpt-5',
        inputTokens: 3,
        nested: [
          {
            api_key: 'x',
            masterKey: 'y',
            'chatgpt-account-id': 'z',
            'set-cookie': ['a'],
            ok: `sk-${'a'.repeat(20)}`,
          },
        ],
      }),
    ).toEqual({
      Authorization: '[redacted]',
      model: 'gpt-5',
      inputTokens: 3,
      nested: [
        {
          api_key: '[redacted]',
          masterKey: '[redacted]',
          'chatgpt-account-id': '[redacted]',
          'set-cookie': '[redacted]',
          ok: '[redacted:api-key]',
        },
      ],
    });
  });

  test('errors keep name, message, code and cause; cycles, buffers and long texts are bounded', () => {
    const cycle: Record<string, unknown> = {};
    cycle['self'] = cycle;
    const error = new Error('outer', { cause: Object.assign(new Error('inner'), { code: 'ECONNRESET' }) });
    expect(redactValue(error)).toEqual({
      name: 'Error',
      message: 'outer',
      cause: { name: 'Error', message: 'inner', code: 'ECONNRESET' },
    });
    expect(JSON.stringify(redactValue(cycle))).toContain('[too deep]');
    expect(redactValue(Buffer.from('abc'))).toBe('[3 bytes]');
    expect(String(redactValue('x'.repeat(10_000))).length).toBe(4_001);
  });
});
