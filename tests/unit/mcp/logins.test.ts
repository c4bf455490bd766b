import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { LoginPlace } from '../../../middleware/features/mcp/login/login-store.ts';
import { LoginStore } from '../../../middleware/features/mcp/login/login-store.ts';
import { Logins } from '../../../middleware/features/mcp/login/logins.ts';
import { newLogin } from '../../../middleware/features/mcp/login/with-tokens.ts';
import { collectedLog } from '../../support/collected-log.ts';

const place: LoginPlace = { name: 'one', url: 'https://one.example/mcp', oauth: undefined };
const now = (): Date => new Date('2026-11-29T12:00:00Z');
const refusal = (): Response =>
  new Response('', { status: 401, headers: { 'www-authenticate': 'Bearer error="invalid_token"' } });

let stateDir: string;
let logins: Logins;

beforeEach(async () => {
  stateDir = await mkdtemp(join(tmpdir(), 'codex-plus-logins-'));
  const { log } = collectedLog();
  logins = new Logins({ stateDir, log, now });
  const tokens = { access_token: 'new', token_type: 'Bearer' };
  const grant = { tokens, client: undefined, discovery: undefined };
  await new LoginStore(stateDir, log).change(place, () => newLogin(place.url, grant, now()));
});

afterEach(async () => {
  await rm(stateDir, { recursive: true, force: true });
});

test('a login that was made while an older token was refused stays as it is [MCP-4]', async () => {
  expect(await logins.refused(place, 'old', refusal())).toBe('new');
  await logins.noteChallenge(place, 'old', refusal());
  expect(await logins.stateOf(place)).toEqual({ isSignedIn: true, wants: undefined, scope: undefined });
});

test('a login whose own token is refused has ended [MCP-4]', async () => {
  await expect(logins.refused(place, 'new', refusal())).rejects.toMatchObject({ reason: 'expired' });
  expect(await logins.stateOf(place)).toMatchObject({ wants: 'expired' });
});
