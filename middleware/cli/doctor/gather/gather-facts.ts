import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigError } from '../../../platform/config/config-error.ts';
import type { Config } from '../../../platform/config/config.ts';
import type { Environment } from '../../../platform/config/environment.ts';
import { loadConfig } from '../../../platform/config/load-config.ts';
import { whyPortIsTaken } from '../../../upstreams/litellm/ports.ts';
import type { CliContext } from '../../context.ts';
import { findInstance } from '../../instance/find-instance.ts';
import type { CodexFacts, Facts, MiddlewareFacts } from '../facts.ts';
import { gatherCodex } from './gather-codex.ts';
import { gatherLitellm } from './gather-litellm.ts';
import { tryAsCodex } from './try-as-codex.ts';
import { waysHere } from '../ways-here.ts';

/** Looks at everything that the checks judge; writes nothing and starts nothing that stays. */
export async function gatherFacts(context: CliContext): Promise<Facts> {
  const { rootDir, env } = context;
  const base = { node: { version: process.versions.node, oldest: oldestNode(rootDir) }, env };
  const codex = gatherCodex(context);
  try {
    const config = loadConfig({ rootDir, env, isTerminal: false });
    const { middleware, isOurs } = await gatherMiddleware(context, config);
    const litellm = await gatherLitellm({
      context,
      config: config.litellm,
      health: middleware.health,
      isOurs,
    });
    const found = await codex;
    const tries = middleware.health === undefined ? [] : await tryWays(found, middleware.url, env);
    return { ...base, configFaults: [], middleware, litellm, codex: { ...found, tries } };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const unknown = { middleware: undefined, litellm: undefined };
    return { ...base, ...unknown, configFaults: error.faults, codex: { ...(await codex), tries: [] } };
  }
}

/** Each configuration with which Codex would call here, tried as Codex would. */
async function tryWays(
  codex: Omit<CodexFacts, 'tries'>,
  url: string,
  env: Environment,
): Promise<CodexFacts['tries']> {
  const version = codex.program?.version ?? codex.testedVersions.at(-1) ?? '';
  const tried = waysHere(codex, url).map(async ({ document, profile }) => {
    const failed = await tryAsCodex(document, { env, version });
    return failed === undefined ? [] : [{ ...failed, profile }];
  });
  return (await Promise.all(tried)).flat();
}

async function gatherMiddleware(
  context: CliContext,
  { server }: Config,
): Promise<{ middleware: MiddlewareFacts; isOurs: boolean }> {
  const { url, health, instance } = await findInstance(context);
  const portFault = health === undefined ? await whyPortIsTaken(server.host, server.port) : undefined;
  return {
    middleware: { url, health, portFault, asksForKey: server.apiKeys.length > 0 },
    // Anybody could answer at an address; only one with our state folder is believed where a key is at stake.
    isOurs: instance !== undefined && health?.pid === instance.pid,
  };
}

function oldestNode(rootDir: string): string {
  const manifest = readFileSync(join(rootDir, 'package.json'), 'utf8');
  return /"node":\s*">=(\d+(?:\.\d+)*)"/.exec(manifest)?.[1] ?? '22.19';
}
