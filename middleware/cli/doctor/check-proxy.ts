import { BlockList, isIPv4, isIPv6 } from 'node:net';
import type { Environment } from '../../platform/config/environment.ts';
import type { Facts } from './facts.ts';
import type { Finding } from './finding.ts';
import { isLoopback } from '../instance/points-here.ts';

/** The variables that say how a program reaches the network. */
export const proxyVariables = [
  ...['HTTP_PROXY', 'http_proxy', 'HTTPS_PROXY', 'https_proxy'],
  ...['ALL_PROXY', 'all_proxy', 'NO_PROXY', 'no_proxy'],
] as const;

/** Whether Codex would hand calls that stay on this machine to a proxy. */
export function checkProxy({ env, middleware }: Facts): Finding[] {
  const url = URL.parse(middleware?.url ?? '');
  if (url === null || !isLoopback(url)) return [];
  const proxy = proxyFor(url, env);
  if (proxy === undefined) return [];
  if (isExempt(url.hostname, env)) {
    return [
      { id: 'proxy', level: 'ok', what: `${proxy} is set, and ${url.hostname} does not go through it` },
    ];
  }
  return [
    {
      id: 'proxy',
      level: 'problem',
      what: `${proxy} is set: Codex sends its calls for ${url.hostname} to that proxy`,
      where: 'the environment',
      todo: `export NO_PROXY=${url.hostname},localhost (added to what is there; Codex takes no * and no port for an address)`,
    },
  ];
}

/**
 * The variable whose proxy takes calls for a URL. One that is set and empty switches the others off. Measured with
 * Codex 0.169.0.
 */
function proxyFor({ protocol }: URL, env: Environment): string | undefined {
  const scheme = protocol === 'https:' ? ['HTTPS_PROXY', 'https_proxy'] : ['HTTP_PROXY', 'http_proxy'];
  const name = [...scheme, 'ALL_PROXY', 'all_proxy'].find((variable) => env[variable] !== undefined);
  return name === undefined || env[name] === '' ? undefined : name;
}

/** As Codex reads it: NO_PROXY before no_proxy; addresses and networks for an address, names and their ends for a name. */
function isExempt(hostname: string, env: Environment): boolean {
  const host = hostname.replace(/^\[|\]$/g, '');
  const entries = (env['NO_PROXY'] ?? env['no_proxy'] ?? '').split(',').map((entry) => entry.trim());
  if (isIPv4(host) || isIPv6(host)) return entries.some((entry) => holds(entry, host));
  return entries.some((entry) => {
    const name = entry.replace(/^\./, '');
    return name !== '' && (name === '*' || host === name || host.endsWith(`.${name}`));
  });
}

/** Whether an entry is this address, or a network with it. */
function holds(entry: string, address: string): boolean {
  const [network = '', prefix] = entry.split('/');
  const family = isIPv4(network) ? 'ipv4' : 'ipv6';
  if (!isIPv4(network) && !isIPv6(network)) return false;
  const list = new BlockList();
  const bits = prefix === undefined ? (family === 'ipv4' ? 32 : 128) : Number(prefix);
  if (!Number.isInteger(bits) || bits < 0 || bits > (family === 'ipv4' ? 32 : 128)) return false;
  list.addSubnet(network, bits, family);
  return list.check(address, isIPv4(address) ? 'ipv4' : 'ipv6');
}
