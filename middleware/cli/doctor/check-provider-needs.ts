import { valueOf } from '../../platform/config/environment.ts';
import { providerInUse, type ProviderInUse } from '../codex/provider-in-use.ts';
import { keyVariable } from '../instance/key-variable.ts';
import { tableAt, textAt, type CodexConfigFile } from '../codex/codex-config-file.ts';
import type { Facts } from './facts.ts';
import type { Finding } from './finding.ts';
import { waysHere } from './ways-here.ts';

/** Whether a Codex that calls us has the variables that its entry names, is let in, and asks for a model that is served. */
export function checkProviderNeeds(facts: Facts): Finding[] {
  const { codex, middleware } = facts;
  if (middleware === undefined) return [];
  const found = waysHere(codex, middleware.url).flatMap(({ profile, ...config }) => {
    const asked = { config, provider: providerInUse(config.document), profile };
    const unset = [...checkKey(asked, facts), ...(middleware.asksForKey ? checkHeaders(asked, facts) : [])];
    return [
      ...(unset.length > 0 ? unset : checkTry(asked, facts)),
      // With a ChatGPT login the models are the backend's.
      ...(codex.program?.login === 'chatgpt' ? [] : checkModel(config, servedModels(facts))),
    ];
  });
  // What a profile does not change is as wrong as without it, and told once.
  return found.filter(({ what }, index) => found.findIndex((other) => other.what === what) === index);
}

interface Asked {
  readonly config: CodexConfigFile;
  readonly provider: ProviderInUse;
  readonly profile: string | undefined;
}

/** What the middleware said to a request as Codex sends it. */
function checkTry({ config, provider: { id, baseUrl = '' }, profile }: Asked, { codex }: Facts): Finding[] {
  const failed = codex.tries.find((one) => one.profile === profile);
  if (failed === undefined) return [];
  const { status, reason, sendsLogin } = failed;
  const where = config.placeOf('model_providers', id);
  if (status !== 401) {
    const how = status === undefined ? 'cannot be called' : `answers ${status}`;
    const what = `${baseUrl}, where Codex calls, ${how}: ${reason}`;
    return [
      {
        id: 'provider',
        level: 'problem',
        what,
        where,
        todo: `write the address that codex-plus status shows`,
      },
    ];
  }
  if (sendsLogin && codex.program?.login === 'api-key') {
    return [
      {
        ...{ id: 'provider-key', level: 'warning', where },
        what: 'Codex-Plus asks for a key, and Codex sends only the API key of its login: that must be one of server.apiKeys',
        todo: keyTodo,
      },
    ];
  }
  return [
    {
      ...{ id: 'provider-key', level: 'problem', where },
      what: 'Codex-Plus asks for a key, and Codex sends none that it knows: every call gets a 401',
      todo: keyTodo,
    },
  ];
}

const keyTodo = `export ${keyVariable}=… with one of server.apiKeys, and call codex-plus init again`;

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
