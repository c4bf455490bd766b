import { valueOf } from '../../platform/config/environment.ts';
import { urlOf } from '../../platform/release/url-of.ts';
import { readRunningFile, type RunningInstance } from '../../platform/store/running-file.ts';
import type { CliContext } from '../context.ts';
import { keyVariable } from './key-variable.ts';
import { ownConfig } from './own-config.ts';

/** What `GET /health` tells, as far as the command line reads it. */
export interface Health {
  readonly status: string;
  readonly reason?: string;
  readonly version: string;
  readonly pid: number;
  readonly uptimeSeconds: number;
  readonly litellm: {
    readonly state: string;
    readonly reason?: string;
    readonly url?: string;
    readonly breaker: string;
    /** Strangers are not told, where a key is asked for. */
    readonly models?: readonly string[];
    readonly warnings?: readonly string[];
  };
  /** What a call would be answered for now, also without LiteLLM; an older middleware does not tell. */
  readonly models?: readonly string[];
  /** Where Codex is a model; strangers are not told. */
  readonly codex?: {
    readonly workers: readonly { readonly running: number; readonly residentBytes?: number }[];
  };
  readonly chatgpt: { readonly enabled: boolean; readonly transport: string };
  readonly providers: readonly { readonly name: string; readonly hasKey: boolean }[];
  readonly clients: readonly {
    readonly kind: string;
    readonly version: string;
    readonly tested?: boolean;
  }[];
  /** Models whose last call failed; an older middleware does not tell. */
  readonly failing?: readonly {
    readonly model: string;
    readonly status: number;
    readonly code?: string;
    readonly failures: number;
    readonly lastAt: string;
  }[];
}

export interface FoundInstance {
  readonly url: string;
  /** What it wrote at its start; `undefined` for one elsewhere, or of another state folder. */
  readonly instance: RunningInstance | undefined;
  /** `undefined`: nothing answers there. */
  readonly health: Health | undefined;
}

const askTimeoutMs = 2_000;

/**
 * The middleware at the given URL; without one, the one of this state folder, or where the configuration would put it. `isApi`:
 * that of `codex-plus api`, and not that of the two tiers.
 */
export async function findInstance(context: CliContext, url?: string, isApi = false): Promise<FoundInstance> {
  const key = valueOf(context.env, keyVariable);
  if (url !== undefined) return { url, instance: undefined, health: await askHealth(url, key) };
  const { server, stateDir } = ownConfig(context, isApi);
  const instance = readRunningFile(stateDir);
  const place = instance?.url ?? urlOf(server.host, server.port);
  // Its own keys are for whoever has its settings; not for another program that listens there.
  const own = instance === undefined ? undefined : server.apiKeys[0]?.key;
  return { url: place, instance, health: await askHealth(place, key ?? own) };
}

/** The health of the middleware at a URL; `undefined` when no Codex-Plus answers there. */
async function askHealth(url: string, key: string | undefined): Promise<Health | undefined> {
  try {
    const answer = await fetch(`${url}/health`, {
      headers: key === undefined ? {} : { 'x-codex-plus-key': key },
      signal: AbortSignal.timeout(askTimeoutMs),
    });
    const health: unknown = await answer.json();
    return isHealth(health) ? health : undefined;
  } catch {
    // Refused, silent, or another program: nobody of ours is there.
    return undefined;
  }
}

function isHealth(value: unknown): value is Health {
  return typeof value === 'object' && value !== null && 'litellm' in value && 'pid' in value;
}
