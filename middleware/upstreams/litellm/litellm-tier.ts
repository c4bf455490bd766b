import { ExternalTier } from './external-tier.ts';
import { ManagedTier } from './managed-tier.ts';
import type { LitellmTier, TierOptions, TierTiming } from './tier.ts';

export type { LitellmTier } from './tier.ts';

export interface LitellmTierOptions extends Omit<TierOptions, 'now' | 'timing'> {
  readonly now?: () => number;
  readonly timing?: Partial<TierTiming>;
}

const usualTiming: TierTiming = {
  backOffFirst: 500,
  backOffMax: 30_000,
  steadyAfter: 60_000,
  installRetry: 60_000,
  readyTimeout: 180_000,
  probeInterval: 10_000,
  probeTimeout: 10_000,
  watchInterval: 500,
  handOver: 2_000,
  drain: 60 * 60_000,
  stopGrace: 10_000,
};

/** The LiteLLM tier of the configured mode; nothing happens before `start`. */
export function createLitellmTier(options: LitellmTierOptions): LitellmTier {
  const now = options.now ?? Date.now;
  const tierOptions = { ...options, now, timing: { ...usualTiming, ...options.timing } };
  switch (options.config.mode) {
    case 'managed':
      return asTier(new ManagedTier(tierOptions));
    case 'external':
      return asTier(new ExternalTier(tierOptions));
    case 'off':
      return switchedOff(now());
  }
}

function asTier(tier: ManagedTier | ExternalTier): LitellmTier {
  return {
    start: () => {
      tier.start();
    },
    stop: () => tier.stop(),
    status: () => tier.board.status,
    target: () => tier.target,
    missingKey: (model) => tier.missingKey(model),
    onChange: (listener) => {
      tier.board.onChange(listener);
    },
  };
}

function switchedOff(since: number): LitellmTier {
  return {
    start: () => undefined,
    stop: () => Promise.resolve(),
    status: () => ({
      state: 'stopped',
      reason: 'it is switched off (litellm.mode is "off")',
      since,
      models: [],
    }),
    target: () => undefined,
    missingKey: () => undefined,
    onChange: () => undefined,
  };
}
