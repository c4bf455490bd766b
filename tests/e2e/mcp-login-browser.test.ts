import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import type { Browser, BrowserContext, Page } from 'puppeteer-core';
import { codexTurn, user } from '../support/codex-turns.ts';
import { composeMiddleware, rootDir } from '../support/compose-middleware.ts';
import { startFakeUpstream } from '../support/fake-upstream/fake-upstream.ts';
import { authorizationServer, type AuthorizationServer } from '../support/mcp/authorization-server.ts';
import { protectedFixture, type ProtectedFixture } from '../support/mcp/protected-fixture.ts';
import { hasRealBrowser, startRealBrowser } from '../support/real-browser.ts';
import { runCli } from '../support/run-cli.ts';
import { makeTestFolder } from '../support/start-middleware.ts';
import { until } from '../support/until.ts';

jest.setTimeout(60_000);

let browserFolder: string;
let browser: Browser;
let home: AuthorizationServer;
let server: ProtectedFixture;
let folder: string;
let env: Readonly<Record<string, string>>;
let login: ChildProcess | undefined;
/** A browser of somebody who was nowhere yet. */
let profile: BrowserContext;

/** What the browser did since the page was opened. */
interface Seen {
  readonly page: Page;
  /** The addresses that were asked for, without their queries. */
  readonly asked: string[];
  readonly errors: readonly string[];
}

async function open(link: URL): Promise<Seen> {
  const page = await profile.newPage();
  const [asked, errors]: [string[], string[]] = [[], []];
  page.on('request', (request) => asked.push(request.url().split('?')[0] ?? ''));
  page.on('pageerror', (error) => errors.push(String(error)));
  await page.goto(link.href);
  return { page, asked, errors };
}

/** Follows what a page says is next; resolves once the page behind it is there. */
async function follow({ page }: Seen, selector: string): Promise<void> {
  await Promise.all([page.waitForNavigation(), page.click(selector)]);
}

async function fillIn(seen: Seen): Promise<void> {
  await seen.page.type('input[name=login]', 'ann');
  await seen.page.type('input[name=password]', 'of no matter');
  await follow(seen, 'button[type=submit]');
  expect(await textOf(seen)).toContain('Authorize');
}

/** Our page has no script that could fail, and brings nothing along. */
function expectNothingElse({ page, asked, errors }: Seen): void {
  expect(asked.filter((url) => !url.startsWith(home.issuer))).toEqual([page.url().split('?')[0]]);
  expect(page.url()).toMatch(/^http:\/\/localhost:\d+\/callback\?/);
  expect(errors).toEqual([]);
}

interface RunningLogin {
  readonly said: () => string;
  /** The link that is printed. */
  readonly link: () => Promise<URL>;
  readonly exitCode: Promise<number | null>;
}

/** Runs the command as a user does; in a terminal, where `xdg-open` leaves the link in a file. */
function mcpLogin({ isInteractive }: { readonly isInteractive: boolean }): RunningLogin {
  const command = [process.execPath, join(rootDir, 'scripts', 'codex-plus.mjs'), 'mcp', 'login', 'one'];
  const line = command.map((word) => `'${word}'`).join(' ');
  const [file = '', ...args] = isInteractive ? ['script', '-qec', line, '/dev/null'] : command;
  const PATH = `${join(folder, 'bin')}:${process.env['PATH'] ?? ''}`;
  const child = spawn(file, args, {
    ...{ cwd: join(folder, 'project'), env: { ...env, PATH }, stdio: 'pipe' },
  });
  login = child;
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      said += String(chunk);
    });
  }
  const printed = () => /\n {2}(http:\S+)\n/.exec(said)?.[1];
  return {
    said: () => said,
    link: async () => {
      await until(() => printed() !== undefined, 30_000);
      return new URL(printed() ?? '');
    },
    exitCode: once(child, 'close').then(([code]) => code as number | null),
  };
}

/** What the page shows. */
async function textOf({ page }: Seen): Promise<string> {
  return String(await page.evaluate('document.body.innerText')).trim();
}

(hasRealBrowser ? describe : describe.skip)('a login in a real browser', () => {
  beforeAll(async () => {
    browserFolder = await makeTestFolder('browser');
    browser = await startRealBrowser(browserFolder);
  });

  afterAll(async () => {
    await browser.close();
    await rm(browserFolder, { recursive: true, force: true });
  });

  beforeEach(async () => {
    folder = await makeTestFolder('mcp-login-browser');
    await mkdir(join(folder, 'project'));
    home = await authorizationServer({ hasPages: true });
    server = await protectedFixture(home);
    const mcpServers = { one: { type: 'http', url: server.url } };
    await writeFile(join(folder, '.claude.json'), JSON.stringify({ mcpServers }));
    await mkdir(join(folder, 'bin'));
    const opener = '#!/bin/sh\nprintf %s "$1" > "$HOME/link" && mv "$HOME/link" "$HOME/opened"\n';
    await writeFile(join(folder, 'bin', 'xdg-open'), opener, { mode: 0o755 });
    env = { HOME: folder, CODEX_PLUS_STATE_DIR: join(folder, 'state') };
    profile = await browser.createBrowserContext();
  });

  afterEach(async () => {
    // One whose test failed would wait on.
    login?.kill();
    login = undefined;
    await profile.close();
    await server.close();
    await home.close();
    await rm(folder, { recursive: true, force: true });
  });

  test('begins with the page that mcp login opens, and ends with one that says so [MCP-4]', async () => {
    const running = mcpLogin({ isInteractive: true });
    const opened = join(folder, 'opened');
    await until(() => existsSync(opened), 30_000);
    const seen = await open(new URL(await readFile(opened, 'utf8')));
    await fillIn(seen);
    expect(await textOf(seen)).toContain('mcp:read');
    seen.asked.length = 0;
    await follow(seen, 'button[type=submit]');
    expect(await textOf(seen)).toBe('You are signed in at MCP server "one". You can close this page.');
    expectNothingElse(seen);
    expect(await running.exitCode).toBe(0);
    expect(running.said()).toContain('You are signed in at one.\r\n');
    const { exitCode, stdout } = await runCli(['mcp', 'test', 'one'], { env, cwd: join(folder, 'project') });
    expect([exitCode, stdout]).toEqual([0, expect.stringContaining('✔')]);
    expect(server.tokens.at(-1)).toBeDefined();
  });

  test('that the user refuses is told in the browser and by mcp login [MCP-4]', async () => {
    const running = mcpLogin({ isInteractive: false });
    const link = await running.link();
    const seen = await open(link);
    await fillIn(seen);
    seen.asked.length = 0;
    await follow(seen, 'a[href$="/abort"]');
    const refusal = 'the login at MCP server "one" failed: End-User aborted interaction';
    expect(await textOf(seen)).toBe(refusal);
    expectNothingElse(seen);
    expect(await running.exitCode).toBe(1);
    const waiting = 'That is waited for, for 10 minutes …';
    expect(running.said()).toBe(`To sign in at one, open\n  ${link.href}\n${waiting}\n${refusal}\n`);
    expect(home.grants).toEqual([]);
  });

  test('with the link of a conversation has its next turn offered the tools [MCP-4] [MCP-2]', async () => {
    const upstream = await startFakeUpstream();
    const variables = { ...env, PATH: process.env['PATH'] ?? '', CODEX_PLUS_MCP_WAIT_MS: '20000' };
    const middleware = await composeMiddleware(upstream.url, variables, folder);
    const say = (text: string) =>
      codexTurn(middleware.port, {
        ...{ session: text, workspace: join(folder, 'project'), input: [user(text, 'm1')] },
      });
    const offered = () => JSON.stringify(upstream.requests.at(-1)?.json?.['tools']);
    try {
      await say('What can you do?');
      expect(offered()).not.toContain('mcp__one');
      const [, link = ''] = /<(http[^>]+)>/.exec(await say('/mcp auth one')) ?? [];
      const seen = await open(new URL(link));
      await fillIn(seen);
      await follow(seen, 'button[type=submit]');
      expect(await textOf(seen)).toContain('You are signed in');
      await say('And now?');
      expect(offered()).toContain('mcp__one__read');
    } finally {
      await middleware.close();
      await upstream.close();
    }
  });
});
