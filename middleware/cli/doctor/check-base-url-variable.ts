import { valueOf } from '../../platform/config/environment.ts';
import { providerInUse } from '../codex/provider-in-use.ts';
import type { Facts } from './facts.ts';
import type { Finding } from './finding.ts';
import { pointsHere } from '../instance/points-here.ts';

/** Whether somebody relies on OPENAI_BASE_URL, which the SDKs read and Codex does not. */
export function checkBaseUrlVariable({ codex, middleware, env }: Facts): Finding[] {
  const { config, home, program } = codex;
  const value = valueOf(env, 'OPENAI_BASE_URL');
  if (program === undefined || (value === undefined && !home.setsBaseUrl)) return [];
  if (middleware !== undefined && pointsHere(providerInUse(config?.document ?? {}).baseUrl, middleware.url)) {
    return [];
  }
  const isMeant = middleware !== undefined && pointsHere(value, middleware.url);
  return [
    {
      id: 'openai-base-url',
      level: isMeant || home.setsBaseUrl ? 'problem' : 'warning',
      what: 'OPENAI_BASE_URL is set, and Codex ignores it; only the SDKs read it',
      where: home.setsBaseUrl ? `${home.folder}/.env` : 'the environment',
      todo: 'codex-plus init, or codex-plus run -- codex',
    },
  ];
}
