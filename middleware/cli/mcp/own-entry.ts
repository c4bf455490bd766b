import { readServerEntry } from '../../features/mcp/read-server-entry.ts';
import type { JsonObject } from '../../kernel/json-object.ts';
import { loadConfig } from '../../platform/config/load-config.ts';
import { urlOf } from '../../platform/release/url-of.ts';
import { readRunningFile } from '../../platform/store/running-file.ts';
import type { CliContext } from '../context.ts';
import { pointsHere } from '../instance/points-here.ts';

/**
 * Which entries, with their variables put in, lead to the middleware's own `/mcp`, by their addresses: it need not run, and
 * what is asked of another process cannot be known by the mark of its answers.
 */
export function ownEntries({ rootDir, env }: CliContext): (entry: JsonObject) => boolean {
  const { server, stateDir } = loadConfig({ rootDir, env, isTerminal: false });
  const running = readRunningFile(stateDir)?.url;
  const urls = [urlOf(server.host, server.port), ...(running === undefined ? [] : [running])];
  return (entry) => {
    const reading = readServerEntry(entry);
    if (reading.kind === 'broken' || reading.definition.kind === 'stdio') return false;
    const { url } = reading.definition;
    const isEndpoint = /^\/mcp\/?$/i.test(new URL(url).pathname);
    return isEndpoint && urls.some((own) => pointsHere(url, own));
  };
}
