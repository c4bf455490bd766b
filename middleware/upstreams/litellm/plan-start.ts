import { relative } from 'node:path';
import { missingKeys, type MissingKeys } from '../../platform/config/litellm-missing-keys.ts';
import { LitellmDeployments } from '../../platform/config/deployments/litellm-deployments.ts';
import { lintLitellmConfig } from '../../platform/config/litellm-lint.ts';
import { ensureMasterKey } from './master-key.ts';
import { whyPortIsTaken } from './ports.ts';
import { whyNotAlive } from './probe.ts';
import type { TierOptions } from './tier.ts';

/** What LiteLLM is to be started with. */
export interface StartPlan {
  readonly host: string;
  readonly port: number;
  readonly masterKey: string;
  /** The names that clients can ask for, aliases included. */
  readonly models: readonly string[];
  /** Those of them that LiteLLM lists; it does not list what is hidden. */
  readonly listed: readonly string[];
  readonly warnings: readonly string[];
  readonly missingKeys: MissingKeys;
}

export type PlanResult =
  { readonly kind: 'plan'; readonly plan: StartPlan } | { readonly kind: 'fault'; readonly reason: string };

type PlanOptions = Pick<TierOptions, 'config' | 'rootDir' | 'env'>;

/**
 * Checks all that can be known before a start, and makes the master key where there is none. `text` is the
 * configuration's.
 */
export async function planStart(options: PlanOptions, text: string | undefined): Promise<PlanResult> {
  const { config, env } = options;
  const file = shownPath(options);
  if (text === undefined) {
    return fault(
      `${file} is missing or cannot be read: put LiteLLM's configuration there (see docs/litellm.md)`,
    );
  }
  const { faults, warnings, models } = lintLitellmConfig({ file, text, env });
  const deployments = new LitellmDeployments(models.models, models.naming);
  const names = models.names.filter((name) => models.isOpen || deployments.hasCallable(name));
  if (faults.length > 0) return fault(faults.join('; '));
  const url = new URL(config.url);
  if (url.protocol !== 'http:' || url.pathname !== '/') {
    return fault(`litellm.url is ${config.url}, but a LiteLLM that is started here needs http://host:port`);
  }
  const masterKey = await ensureMasterKey(config);
  if (masterKey.kind === 'fault') return masterKey;
  const plan = {
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: Number(url.port === '' ? 80 : url.port),
    masterKey: masterKey.key,
    models: names,
    listed: names.filter((name) => !models.hidden.includes(name)),
    warnings,
    missingKeys: missingKeys(text, env),
  };
  return { kind: 'plan', plan };
}

/** Why LiteLLM cannot listen where it should, and what to do; `undefined` when it can. */
export async function whyCannotListen(
  { host, port }: Pick<StartPlan, 'host' | 'port'>,
  signal: AbortSignal,
): Promise<string | undefined> {
  const reason = await whyPortIsTaken(host, port);
  if (reason === undefined) return undefined;
  const url = `http://${host}:${port}`;
  const isLitellm = (await whyNotAlive({ url, signal, timeoutMs: 2_000 })) === undefined;
  return isLitellm
    ? `${reason}, which is a LiteLLM: stop it, or set litellm.mode to "external" to use it`
    : `${reason}: stop that program, or choose another port with litellm.url`;
}

function shownPath({ config, rootDir }: PlanOptions): string {
  const path = relative(rootDir, config.configFile);
  return path.startsWith('..') ? config.configFile : path;
}

function fault(reason: string): PlanResult {
  return { kind: 'fault', reason };
}
