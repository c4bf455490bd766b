import type { Actions } from './actions.ts';
import { checkBaseUrlVariable } from './check-base-url-variable.ts';
import { checkCodexConfig } from './check-codex-config.ts';
import { checkCodex } from './check-codex.ts';
import { checkDaemon } from './check-daemon.ts';
import { checkHooks } from './check-hooks.ts';
import { checkLitellm } from './check-litellm.ts';
import { checkMiddleware } from './check-middleware.ts';
import { checkPrices } from './check-prices.ts';
import { checkProjectConfig } from './check-project-config.ts';
import { checkProviderNeeds } from './check-provider-needs.ts';
import { checkProvider } from './check-provider.ts';
import { checkProxy } from './check-proxy.ts';
import type { Facts } from './facts.ts';
import type { Finding } from './finding.ts';

/** Judges the facts; pure, apart from what a fix does when it is applied. */
export function checkAll(facts: Facts, actions: Actions): Finding[] {
  return checks.flatMap((check) => check(facts, actions));
}

/** In the order in which they are shown: what the others stand on comes first. */
const checks: readonly ((facts: Facts, actions: Actions) => Finding[])[] = [
  checkMiddleware,
  checkLitellm,
  checkPrices,
  checkCodex,
  checkCodexConfig,
  checkProvider,
  checkProviderNeeds,
  checkBaseUrlVariable,
  checkProjectConfig,
  checkProxy,
  checkHooks,
  checkDaemon,
];
