import { valueOf } from '../../platform/config/environment.ts';
import { providerInUse, type ProviderInUse } from '../codex/provider-in-use.ts';
import { tableAt, textAt, type CodexConfigFile } from './codex-config-file.ts';
import type { Facts } from './facts.ts';
import type { Finding } from './finding.ts';
import { pointsHere } from './points-here.ts';

/** Whether a Codex that calls us has the variables that its entry names, and asks for a model that is served. */
export function checkProviderNeeds(facts: Facts): Finding[] {
  const { codex, middleware } = facts;
  if (codex.config === undefined || middleware === undefined) return [];
  const provider = providerInUse(codex.config.document);
  if (!pointsHere(provider.baseUrl, middleware.url)) return [];
  const asked = { config: codex.config, provider };
  return [
    ...checkKey(asked, facts),
    ...(middleware.asksForKey ? checkHeaders(asked, facts) : []),
    // With a ChatGPT login the models are the backend's.
    ...(codex.program?.login === 'chatgpt' ? [] : checkModel(codex.config, servedModels(facts))),
  ];
}

interface Asked {
  readonly config: CodexConfigFile;
  readonly provider: ProviderInUse;
}

function checkKey({ config, provider: { id, entry = {} } }: Asked, { env }: Facts): Finding[] {
  const variable = textAt(entry, 'env_key');
  if (variable === undefined || valueOf(env, variable) !== undefined) return [];
  return [
    {
      id: 'provider-key',
      level: 'problem',
      what: `the variable ${variable} is not set, and Codex does not start without it`,
      where: config.placeOf('model_providers', id, 'env_key'),
      todo: `export ${variable}=… in the shell in which you start codex`,
    },
  ];
}

function checkHeaders({ config, provider: { id, entry = {} } }: Asked, { env }: Facts): Finding[] {
  return Object.entries(tableAt(entry, 'env_http_headers')).flatMap(([header, variable]): Finding[] => {
    if (typeof variable !== 'string' || valueOf(env, variable) !== undefined) return [];
    return [
      {
        id: 'provider-key',
        level: 'problem',
        what: `the variable ${variable} is not set: Codex sends no ${header}, and Codex-Plus asks for a key`,
        where: config.placeOf('model_providers', id, 'env_http_headers', header),
        todo: `export ${variable}=… in the shell in which you start codex`,
      },
    ];
  });
}

function servedModels({ middleware, litellm }: Facts): readonly string[] {
  const running = middleware?.health?.litellm.models ?? [];
  return running.length > 0 ? running : (litellm?.models.names ?? []);
}

function checkModel({ document, placeOf }: CodexConfigFile, served: readonly string[]): Finding[] {
  const model = textAt(document, 'model');
  const isServed = model === undefined || served.some((name) => name === model || name.includes('*'));
  if (isServed || served.length === 0) return [];
  return [
    {
      id: 'model',
      level: 'problem',
      what: `Codex asks for "${model}", which LiteLLM does not have`,
      where: placeOf('model'),
      todo: `choose one of ${served.join(', ')}, or add it to litellm_config.yaml`,
    },
  ];
}
