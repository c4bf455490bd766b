import { Router, type Request } from 'express';
import { escapeHtml } from '../../kernel/escape-html.ts';

interface HomeFacts {
  /** Where clients reach this middleware: `https://host:port`. */
  readonly base: string;
  /** The state of both tiers, in words. */
  readonly states: readonly string[];
}

/**
 * The paths under `/.well-known` and `/` are ours: what LiteLLM says there is about itself, and clients would take
 * it for our word. Codex looks for an authorization server of our tools below `/mcp` too, and anything but a 404
 * leaves it in doubt.
 */
export function createHomeRoutes(version: string, states: () => readonly string[]): Router {
  const router = Router();
  router.get('/', (req, res) => {
    const facts = { base: baseOf(req), states: states() };
    res.vary('accept');
    if (req.accepts(['html', 'json']) === 'json') {
      res.json({ name: 'codex-plus', version, ...facts, links: ['/health', '/help', '/metrics'] });
      return;
    }
    res.set('content-security-policy', "default-src 'none'; style-src 'unsafe-inline'");
    res.set('x-content-type-options', 'nosniff');
    res.type('html').send(page(version, facts));
  });
  router.use(['/.well-known', '/mcp/.well-known'], (_req, res) => {
    res.status(404).json({ error: { message: 'there is nothing here', type: 'invalid_request_error' } });
  });
  return router;
}

/** As whoever asks reached it. What a proxy in front says is shown to nobody else, so anybody may say it. */
function baseOf({ headers }: Request): string {
  const said = headers['x-forwarded-proto'];
  const scheme = typeof said === 'string' && /^ *https *(?:,|$)/i.test(said) ? 'https' : 'http';
  return `${scheme}://${headers.host ?? '127.0.0.1:3000'}`;
}

function page(version: string, { base, states }: HomeFacts): string {
  const provider = `model_providers.codex-plus={name="codex-plus",base_url="${base}/v1"}`;
  const clients: readonly (readonly [string, string])[] = [
    ['Codex CLI', `codex -c model_provider=codex-plus -c '${provider}' -m gpt-5`],
    ['Codex CLI with a ChatGPT login', `codex -c 'openai_base_url="${base}/v1"'`],
    ['OpenAI SDKs', `OPENAI_BASE_URL=${base}/v1`],
    ['Claude Code, Anthropic SDKs', `ANTHROPIC_BASE_URL=${base}`],
  ];
  return [
    '<!doctype html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<title>Codex-Plus</title>',
    '<style>body{font:16px/1.5 system-ui,sans-serif;max-width:50rem;margin:2rem auto;padding:0 1rem}pre{background:#8882;padding:.5em;white-space:pre-wrap}</style>',
    '</head>',
    '<body>',
    '<main>',
    `<h1>Codex-Plus ${escapeHtml(version)}</h1>`,
    '<p>One base URL in front of every LLM: slash commands, hooks and rules for Codex CLI, SDKs and Claude Code.</p>',
    '<h2>State</h2>',
    `<ul>${states.map((state) => `<li>${escapeHtml(state)}</li>`).join('')}</ul>`,
    '<h2>Connect</h2>',
    ...clients.map(([name, how]) => `<h3>${escapeHtml(name)}</h3><pre>${escapeHtml(how)}</pre>`),
    '<h2>Commands</h2>',
    "<p>Codex's interface keeps lines that begin with a slash to itself. Type a command as <code>$name</code> (after <code>codex-plus init</code>), <code>:name</code>, or with a space in front: <code>&nbsp;/name</code>. Other clients send <code>/name</code>.</p>",
    '<h2>Take it back</h2>',
    '<p><code>codex-plus uninstall</code> takes back all that <code>codex-plus init</code> wrote. What is set for one call or in the environment, as above, ends with it. <code>codex-plus stop</code> ends this program.</p>',
    '<p><a href="/help">Commands</a> · <a href="/health">Health</a> · <a href="/metrics">Metrics</a></p>',
    '</main>',
    '</body>',
    '</html>',
    '',
  ].join('\n');
}
