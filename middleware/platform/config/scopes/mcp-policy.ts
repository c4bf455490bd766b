import { type JsonObject } from '../../../kernel/json-object.ts';
import { matchesWildcard } from './matches-wildcard.ts';
import { splitCommand } from '../split-command.ts';

interface McpPolicy {
  /** `undefined`: every server may be used that is not denied. */
  readonly allowed: readonly JsonObject[] | undefined;
  readonly denied: readonly JsonObject[];
}

/**
 * Why a server may not be used; `undefined` when it may. As in Claude Code: a match of `deniedMcpServers` by name, command
 * or URL decides. Then `allowedMcpServers` must match; a name is not enough where the list has commands (for a server that
 * is started) or URLs (for one that is called), since names are the user's to give.
 */
export function mcpRefusal(name: string, entry: JsonObject, policy: McpPolicy): string | undefined {
  const matches = (rule: JsonObject): boolean => matchesRule(rule, name, entry);
  if (policy.denied.some(matches)) return 'deniedMcpServers has it';
  if (policy.allowed === undefined) return undefined;
  const { allowed } = policy;
  // An entry that names both ways must pass by both: which one is taken is not decided here.
  const isAllowed = ['serverCommand', 'serverUrl'].every((way) => {
    if (typeof entry[way === 'serverUrl' ? 'url' : 'command'] !== 'string') return true;
    const rules = allowed.filter((rule) => way in rule);
    return (rules.length > 0 ? rules : allowed).some(matches);
  });
  return isAllowed ? undefined : 'allowedMcpServers does not have it';
}

function matchesRule(rule: JsonObject, name: string, entry: JsonObject): boolean {
  if ('serverName' in rule) return rule['serverName'] === name;
  if ('serverCommand' in rule) return isSameCommand(rule['serverCommand'], entry);
  if (typeof rule['serverUrl'] !== 'string' || typeof entry['url'] !== 'string') return false;
  return matchesUrl(rule['serverUrl'], entry['url']);
}

function isSameCommand(wanted: unknown, entry: JsonObject): boolean {
  const { command, args } = entry;
  if (typeof command !== 'string') return false;
  const written: readonly unknown[] = [command, ...(Array.isArray(args) ? (args as readonly unknown[]) : [])];
  return [written, startedBy(command, args)].some(
    (words) => JSON.stringify(words) === JSON.stringify(wanted),
  );
}

/** What an entry starts, however it is written: without arguments its command may be a whole line. */
function startedBy(command: string, args: unknown): readonly unknown[] {
  if (args === undefined) return splitCommand(command) ?? [];
  return [command.trim(), ...(Array.isArray(args) ? (args as readonly unknown[]) : [])];
}

/** Part by part, so that a `*` for a host's name does not reach into the path. A pattern without path means every path. */
function matchesUrl(pattern: string, url: string): boolean {
  const parts = /^([^:/]*):\/\/(\[[^\]]*\]|[^/:]*)(?::([^/]*))?(\/.*)?$/s.exec(pattern);
  if (parts === null || !URL.canParse(url)) return false;
  const { protocol, hostname, port, pathname, search } = new URL(url);
  const [, scheme = '', host = '', wantedPort = '', path = '/*'] = parts;
  return (
    matchesWildcard(`${scheme.toLowerCase()}:`, protocol) &&
    matchesWildcard(withoutFinalDot(host.toLowerCase()), withoutFinalDot(hostname)) &&
    (matchesWildcard(wantedPort, port) || (port === '' && wantedPort === defaultPorts[protocol])) &&
    matchesWildcard(path, `${pathname}${search}`)
  );
}

const defaultPorts: Readonly<Record<string, string>> = { 'http:': '80', 'https:': '443' };

function withoutFinalDot(host: string): string {
  return host.endsWith('.') ? host.slice(0, -1) : host;
}
