import { describe, expect, test } from '@jest/globals';
import { classifyCredential } from '../../../middleware/protocol/credential.ts';
import { madeUpJwt } from '../../support/made-up-jwt.ts';

const kind = (...headers: string[]): string => classifyCredential(headers).kind;
const bearer = (token: string): string => kind('authorization', `Bearer ${token}`);
const segment = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

describe('classifyCredential', () => {
  const login = madeUpJwt();
  const [head = '', payload = '', signature = ''] = login.split('.');

  for (const [what, actual, expected] of [
    ['no header', kind(), 'none'],
    ['an empty header', kind('authorization', ''), 'none'],
    ['an API key', bearer('sk-proj-abc'), 'api-key'],
    ['a key with dots', bearer('a.b.c.d'), 'api-key'],
    ['basic authentication', kind('authorization', 'Basic abc'), 'api-key'],
    ['an API key as x-api-key', kind('x-api-key', 'sk-ant-x'), 'api-key'],
    ['a ChatGPT login', bearer(login), 'chatgpt'],
    ['a login whose scheme is in lower case', kind('Authorization', `bearer ${login}`), 'chatgpt'],
    [
      'a login for several audiences',
      bearer(madeUpJwt({ aud: ['x', 'https://api.openai.com/v1'] })),
      'chatgpt',
    ],
    [
      'a login for one audience as a string',
      bearer(madeUpJwt({ aud: 'https://api.openai.com/v1' })),
      'chatgpt',
    ],
    ['an expired login, for the backend to refuse', bearer(madeUpJwt({ exp: 1 })), 'chatgpt'],
    ['an id token of OpenAI', bearer(madeUpJwt({ aud: ['app_x'] })), 'refused'],
    ['a token of OpenAI without audience', bearer(madeUpJwt({ aud: undefined })), 'refused'],
    ['a token of another issuer', bearer(madeUpJwt({ iss: 'https://login.example' })), 'foreign-jwt'],
    [
      'an issuer with a slash at its end',
      bearer(madeUpJwt({ iss: 'https://auth.openai.com/' })),
      'foreign-jwt',
    ],
    ['an issuer that is no string', bearer(madeUpJwt({ iss: ['https://auth.openai.com'] })), 'foreign-jwt'],
    [
      'a personal access token with its account',
      kind('authorization', 'Bearer at-abc', 'chatgpt-account-id', 'a'),
      'chatgpt',
    ],
    ['a personal access token without', bearer('at-abc'), 'refused'],
    ['a JWT of two segments', bearer(`${head}.${payload}`), 'refused'],
    ['an encrypted token, of five segments', bearer(`${head}.a.b.c.d`), 'foreign-jwt'],
    ['an agent assertion', kind('authorization', 'AgentAssertion abc'), 'refused'],
    ['two authorization headers', kind('authorization', 'Bearer a', 'Authorization', 'Bearer b'), 'refused'],
    ['a login as x-api-key', kind('x-api-key', login), 'refused'],
    [
      'a login as x-api-key beside a key',
      kind('authorization', 'Bearer sk-x', 'x-api-key', login),
      'refused',
    ],
    ['a token with padding', bearer(`${head}=.${payload}.${signature}`), 'refused'],
    ['a token in another alphabet', bearer(`${head}.${payload}+/.${signature}`), 'refused'],
    ['a head without algorithm', bearer(`${segment({ typ: 'JWT' })}.${payload}.x`), 'refused'],
    ['a payload that is no object', bearer(`${head}.${segment([1])}.x`), 'refused'],
    ['a payload that is no JSON', bearer(`${head}.${Buffer.from('{').toString('base64url')}.x`), 'refused'],
    ['a token of 20 KiB', bearer(`${login}${'x'.repeat(20_480)}`), 'refused'],
  ] as const) {
    test(`${what} is ${expected} [RT-2]`, () => {
      expect(actual).toBe(expected);
    });
  }

  test('no damaged login is ever taken for one, nor for a key: every byte changed in turn [RT-2]', () => {
    for (let at = 0; at < login.length - signature.length; at += 1) {
      const damaged = `${login.slice(0, at)}~${login.slice(at + 1)}`;
      // Without its `eyJ` it is no JWT any more, and nothing that OpenAI issued.
      expect(bearer(damaged)).toBe(at < 3 ? 'api-key' : 'refused');
    }
  });
});
