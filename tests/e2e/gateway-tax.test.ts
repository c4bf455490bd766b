import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { claudeFolder, claudeVersion } from '../support/clients/claude-program.ts';
import { comparedHead, comparedRow, firstRequest, saysTheSame } from '../support/clients/compared.ts';
import { startProviderFront, type ProviderFront } from '../support/clients/provider-front.ts';
import { rootDir } from '../support/compose-middleware.ts';
import { startConnectProxy, type ConnectProxy } from '../support/connect-proxy.ts';
import { startFakeUpstream, type FakeUpstream, type Seen } from '../support/fake-upstream/fake-upstream.ts';
import { calls, says } from '../support/fake-upstream/step.ts';
import { makeUpCertificate, type MadeUpCertificate } from '../support/made-up-certificate.ts';
import { madeUpJwt } from '../support/made-up-jwt.ts';
import { headerOf } from '../support/raw-client.ts';
import { pathWithCodex, runCli } from '../support/run-cli.ts';
import { makeCodexHome } from '../support/run-codex.ts';
import { sparePort } from '../support/spare-port.ts';
import { makeTestFolder, startMiddleware, type RunningMiddleware } from '../support/start-middleware.ts';
import { startTlsFront, type TlsFront } from '../support/tls-front.ts';
import { run } from '../../middleware/platform/process/run.ts';

const threeMinutes = 180_000;
const key = { ANTHROPIC_API_KEY: 'sk-ant-api03-made-up' };
const subscription = { CLAUDE_CODE_OAUTH_TOKEN: 'sk-ant-oat01-made-up' };

let upstream: FakeUpstream;
let front: ProviderFront;
let certificate: MadeUpCertificate;
let tls: TlsFront;
let proxy: ConnectProxy;
let middleware: RunningMiddleware;
let folder: string;
let path: string;

beforeAll(async () => {
  path = [await claudeFolder(), pathWithCodex].join(delimiter);
  upstream = await startFakeUpstream();
  front = await startProviderFront(upstream.port);
  // Where Claude Code calls Anthropic by its own name, what it switches off elsewhere is on.
  certificate = makeUpCertificate('api.anthropic.com');
  tls = await startTlsFront(front.port, certificate);
  proxy = await startConnectProxy({ leadsTo: Number(new URL(tls.url).port) });
  folder = await makeTestFolder('tax');
  await mkdir(join(folder, 'workspace'));
  const server = join(rootDir, 'node_modules/@modelcontextprotocol/server-everything/dist/index.js');
  const servers = { everything: { command: process.execPath, args: [server] } };
  await writeFile(join(folder, 'mcp.json'), JSON.stringify({ mcpServers: servers }));
  middleware = await startMiddleware({
    upstreamUrl: front.url,
    litellmPort: await sparePort(),
    litellmConfig: await readFile(join(rootDir, 'config', 'litellm_config.yaml'), 'utf8'),
  });
  await middleware.untilLitellmIs('ready');
}, threeMinutes);

afterAll(async () => {
  await middleware.stop();
  for (const part of [proxy, tls, front, upstream]) await part.close();
  certificate.remove();
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
}, threeMinutes);

/** Runs Claude Code directly or through us; what the provider saw of it. */
async function claude(
  way: 'direct' | 'through',
  login: Readonly<Record<string, string>>,
  prompt = 'Say hello.',
): Promise<readonly Seen[]> {
  upstream.forget();
  const args = [
    ...['-p', '--model', 'claude-sonnet-5', '--allowedTools', 'WebSearch,mcp__everything__echo'],
    ...['--mcp-config', join(folder, 'mcp.json'), '--strict-mcp-config', prompt],
  ];
  const env = { PATH: path, HOME: folder, CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1', ...login };
  const cwd = join(folder, 'workspace');
  if (way === 'through') {
    const options = { cwd, env: { ...env, NO_PROXY: '127.0.0.1' } };
    const told = await runCli(['run', '--url', middleware.url, '--', 'claude', ...args], options);
    expect([told.exitCode, told.stderr]).toEqual([0, '']);
  } else {
    const direct = { ...env, HTTPS_PROXY: proxy.url, NODE_EXTRA_CA_CERTS: certificate.certFile };
    const limits = { timeoutMs: 60_000, maxOutputLength: 10_000, signal: AbortSignal.timeout(60_000) };
    await run({ file: join(await claudeFolder(), 'claude'), args, cwd, env: direct, ...limits });
  }
  return [...upstream.requests];
}

/** The same for Codex. */
async function codex(way: 'direct' | 'through', login: 'key' | 'chatgpt'): Promise<readonly Seen[]> {
  upstream.forget();
  const token = madeUpJwt();
  const tokens = { id_token: token, access_token: token, refresh_token: 'made-up', account_id: 'acc-1' };
  const auth = { auth_mode: 'chatgpt', tokens, last_refresh: new Date().toISOString() };
  const home = await makeCodexHome(login === 'chatgpt' ? { 'auth.json': JSON.stringify(auth) } : {});
  const args = ['--skip-git-repo-check', '--model', 'gpt-5', 'Say hello.'];
  if (way === 'direct') {
    const env = login === 'key' ? { CODEX_API_KEY: 'sk-made-up' } : {};
    await home.exec(['-c', `openai_base_url="${front.url}/v1"`, ...args.slice(1)], env);
  } else {
    const env = { PATH: path, HOME: home.folder, CODEX_HOME: home.home, NO_PROXY: '127.0.0.1' };
    const options = ['exec', '--sandbox', 'danger-full-access', ...args];
    await runCli(['run', '--url', middleware.url, '--', 'codex', ...options], { env, cwd: home.workspace });
  }
  await home.remove();
  return [...upstream.requests];
}

function first(requests: readonly Seen[]): Seen {
  const [seen] = requests;
  if (seen === undefined) throw new Error('the provider was not called');
  return seen;
}

const marks = (seen: Seen): string[] => seen.raw.toString().match(/"cache_control": ?\{[^}]*\}/g) ?? [];

describe('what clients offer and send through us is what they do directly', () => {
  test(
    'Claude Code and Codex, each with a key and with a login: as docs/clients.md says [PX-1]',
    async () => {
      upstream.use(() => says('hello'));
      const rows: string[] = [];
      for (const [name, login] of [
        ['key', key],
        ['subscription', subscription],
      ] as const) {
        const direct = first(await claude('direct', login));
        const through = first(await claude('through', login));
        expect(firstRequest(through).tools).toEqual(firstRequest(direct).tools);
        expect(firstRequest(through).tools).toContain('ToolSearch');
        // A subscription's prompts are kept for an hour on both ways.
        const isHour = (seen: Seen): boolean => marks(seen).some((mark) => mark.includes('"1h"'));
        expect([isHour(direct), isHour(through)]).toEqual(Array(2).fill(name === 'subscription'));
        rows.push(
          comparedRow(`Claude Code ${claudeVersion}, ${name}`, firstRequest(direct), firstRequest(through)),
        );
      }
      for (const login of ['key', 'chatgpt'] as const) {
        const direct = first(await codex('direct', login));
        const through = first(await codex('through', login));
        // The effort that our catalogue names is the one that OpenAI takes without any.
        expect(through.json?.['reasoning']).toMatchObject(direct.json?.['reasoning'] ?? {});
        for (const member of ['include', 'parallel_tool_calls', 'tool_choice', 'store'])
          expect(through.json?.[member]).toEqual(direct.json?.[member]);
        expect(firstRequest(through).tools).toEqual(expect.arrayContaining([...firstRequest(direct).tools]));
        expect(firstRequest(through).tools.includes('image_gen')).toBe(login === 'chatgpt');
        rows.push(
          comparedRow(
            `Codex 0.171.0, ${login === 'key' ? 'key' : 'ChatGPT'}`,
            firstRequest(direct),
            firstRequest(through),
          ),
        );
      }
      await expectInDocs([...comparedHead, ...rows].join('\n'));
    },
    threeMinutes,
  );

  test(
    'Claude Code finds an MCP tool, calls it and searches the web through us [PX-1]',
    async () => {
      upstream.use(({ json }) => {
        const told = JSON.stringify(json?.['messages']);
        if (JSON.stringify(json?.['tools']).includes('web_search_2')) return says('found');
        if (told.includes('toolu_3')) return says('done');
        if (told.includes('toolu_2')) return calls('WebSearch', { query: 'weather' }, 'toolu_3');
        if (told.includes('toolu_1')) return calls('mcp__everything__echo', { message: 'hey' }, 'toolu_2');
        return calls('ToolSearch', { query: 'select:mcp__everything__echo,WebSearch' }, 'toolu_1');
      });
      const seen = await claude('through', subscription, 'Do the task.');
      expect(seen).toHaveLength(5);
      const [, found, echoed, searched] = seen.map(({ json }) => JSON.stringify(json));
      expect(found).toContain('{"type":"tool_reference","tool_name":"mcp__everything__echo"}');
      expect(echoed).toContain('Echo: hey');
      expect(searched).toContain('"type":"web_search_20250305"');
      expect(headerOf(first(seen).rawHeaders, 'x-api-key')).toBe('sk-ant-made-up');
      expect(JSON.stringify(seen.map(({ rawHeaders }) => rawHeaders))).not.toContain('sk-ant-oat01');
    },
    threeMinutes,
  );

  test('tokens are counted by the provider [PX-1]', async () => {
    const answer = await fetch(`${middleware.url}/v1/messages/count_tokens?beta=true`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'anthropic-version': '2023-06-01' },
      body: JSON.stringify({ model: 'claude-sonnet-5', messages: [{ role: 'user', content: 'hi' }] }),
    });
    expect(((await answer.json()) as { input_tokens: number }).input_tokens).toBeGreaterThan(10);
    expect(front.asked).toContain('POST /v1/messages/count_tokens');
  });
});

/** The table stands between two marks; CODEX_PLUS_RECORD=1 writes it anew. */
async function expectInDocs(table: string): Promise<void> {
  const file = join(rootDir, 'docs', 'clients.md');
  const text = await readFile(file, 'utf8');
  const [before = '', rest = ''] = text.split('<!-- compared -->\n');
  const [written = '', after = ''] = rest.split('<!-- /compared -->\n');
  if (process.env['CODEX_PLUS_RECORD'] === '1') {
    await writeFile(file, `${before}<!-- compared -->\n\n${table}\n\n<!-- /compared -->\n${after}`);
  } else if (!saysTheSame(table, written)) expect(written).toBe(table);
}
