/** An address that no client may hear of, and what stands in its place. */
interface HiddenAddress {
  readonly url: string;
  readonly instead: string;
}

/** Names of this machine: one is told in the place of another. */
const loopback = ['127.0.0.1', 'localhost', '0.0.0.0', '[::1]'];

/** LiteLLM writes it in the place of hosts that it takes for private, and leaves what stands behind them. */
const redactedHost = 'REDACTED';

/**
 * Makes what takes addresses out of texts, with the path that stands behind them. A name that is a word as well, such as that of a
 * container, is one only with its port or its scheme.
 */
export function createAddressRemover(addresses: readonly HiddenAddress[]): (text: string) => string {
  const patterns = addresses.flatMap(({ url, instead }) =>
    patternsOf(url).map((pattern) => ({ ...pattern, instead })),
  );
  return (text) =>
    patterns.reduce(
      (left, { host, pattern, instead }) =>
        left.toLowerCase().includes(host) ? left.replace(pattern, instead) : left,
      text,
    );
}

function patternsOf(url: string): readonly { readonly host: string; readonly pattern: RegExp }[] {
  if (!URL.canParse(url)) return [];
  const { protocol, hostname, port } = new URL(url);
  if (hostname === '') return [];
  const hosts = loopback.includes(hostname) ? loopback : [hostname];
  return [...hosts, redactedHost].map((host) => ({
    host: host.toLowerCase(),
    pattern: new RegExp(
      `${scheme}(?<![\\w.-])${literal(host)}${behind({ host, protocol, port })}${path}`,
      'gi',
    ),
  }));
}

function literal(text: string): string {
  return text.replace(/[^\w-]/g, String.raw`\$&`);
}

/** Bounded, for texts of others: a long one would be tried from each of its letters. */
const scheme = String.raw`(?:\b[a-z][a-z0-9+.-]{0,15}:\/\/(?:[^\s/@"']{0,100}@)?)?`;
const path = String.raw`(?:\/[\w./~%:-]*)?`;
const end = String.raw`(?![\w-]|\.\w|:\d)`;

/** How an address goes on behind its host, in URLs and in what Python prints of a host and a port. */
function behind({ host, protocol, port }: Readonly<Record<'host' | 'protocol' | 'port', string>>): string {
  const withPort = (number: string): string =>
    String.raw`(?::${number}(?!\d)|['"]?, ?(?:port=)?${number}(?!\d))`;
  if (host.includes('.') && !loopback.includes(host)) return `(?:${withPort(String.raw`\d{1,5}`)}|${end})`;
  const usual = protocol === 'https:' ? '443' : '80';
  if (port !== '') return withPort(port);
  return String.raw`(?:${withPort(usual)}|(?<=\/\/[^\s/]{0,100})${end})`;
}
