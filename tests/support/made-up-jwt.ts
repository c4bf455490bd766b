/** A token of the form that Codex has after a ChatGPT login, made up: nobody signed it. */
export function madeUpJwt(claims: Readonly<Record<string, unknown>> = {}): string {
  const segment = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const payload = {
    iss: 'https://auth.openai.com',
    aud: ['https://api.openai.com/v1'],
    exp: 4_000_000_000,
    'https://api.openai.com/auth': {
      chatgpt_account_id: 'acc-1',
      chatgpt_plan_type: 'plus',
      chatgpt_user_id: 'u-1',
    },
    ...claims,
  };
  return `${segment({ alg: 'RS256', typ: 'JWT' })}.${segment(payload)}.${segment('made up')}`;
}
