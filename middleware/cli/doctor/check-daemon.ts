import { providerInUse } from '../codex/provider-in-use.ts';
import type { Actions } from './actions.ts';
import { tableAt, textAt } from '../codex/codex-config-file.ts';
import type { Facts } from './facts.ts';
import type { Finding } from './finding.ts';
import { proxyVariables } from './check-proxy.ts';

/** What Codex reads whatever its configuration says. */
const always = ['CODEX_API_KEY', 'CODEX_CA_CERTIFICATE', 'SSL_CERT_FILE', ...proxyVariables];

/** Whether the background process of Codex's TUI still has the environment of the day it was started. */
export function checkDaemon(facts: Facts, actions: Actions): Finding[] {
  const { daemon } = facts.codex;
  if (daemon === undefined) return [];
  const fix = {
    describe: 'stop it (running turns end, and the next codex starts another)',
    apply: actions.stopDaemon,
  };
  const todo = 'codex app-server daemon stop';
  const where = `pid ${daemon.pid}`;
  const named = namedVariables(facts);
  const { env } = daemon;
  if (env === undefined) {
    if (named.length === 0) return [];
    const what = `Codex runs in the background with the ${named.join(', ')} of its start`;
    return [{ id: 'daemon', level: 'warning', what, where, todo: `after a change of it: ${todo}`, fix }];
  }
  const stale = [...new Set([...named, ...always])].filter((name) => env[name] !== facts.env[name]);
  if (stale.length === 0) {
    return [
      { id: 'daemon', level: 'ok', what: 'Codex runs in the background with the environment of this shell' },
    ];
  }
  return [
    {
      id: 'daemon',
      level: 'problem',
      what: `Codex runs in the background with another ${stale.join(', ')} than this shell has`,
      ...{ where, todo, fix },
    },
  ];
}

/** Variables that the configuration of Codex names. */
function namedVariables({ codex: { config } }: Facts): string[] {
  if (config === undefined) return [];
  const servers = tableAt(config.document, 'mcp_servers');
  const users = [
    providerInUse(config.document).entry ?? {},
    ...Object.keys(servers).map((id) => tableAt(servers, id)),
  ];
  const names = users.flatMap((user) => [
    textAt(user, 'env_key'),
    textAt(user, 'bearer_token_env_var'),
    ...Object.values(tableAt(user, 'env_http_headers')),
  ]);
  return names.filter((name) => typeof name === 'string');
}
