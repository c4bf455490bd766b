import { basename } from 'node:path';
import { closestName } from './closest-name.ts';
import { modelsOf, type LitellmModels } from './litellm-config.ts';
import { type LitellmYaml, asMapping, envNameOf, isMapping, parseLitellmYaml } from './litellm-yaml.ts';
import { LitellmDeployments } from './deployments/litellm-deployments.ts';
import { nearProviders } from './deployments/litellm-providers.ts';
import { missingKeysOf } from './litellm-missing-keys.ts';
import { commonSettings, routingStrategies, sectionNames } from './litellm-names.ts';

export interface LitellmLint {
  /** What keeps LiteLLM from starting: one line each, with file, line, reason and what to do. */
  readonly faults: readonly string[];
  /** What LiteLLM would pass over without a word, or fail at with the first request. */
  readonly warnings: readonly string[];
  readonly models: LitellmModels;
}

interface LintOptions {
  /** Path of the file, for the lines of the result. */
  readonly file: string;
  readonly text: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

type ParsedYaml = Extract<LitellmYaml, { kind: 'parsed' }>;

interface Findings {
  readonly document: Readonly<Record<string, unknown>>;
  readonly env: LintOptions['env'];
  readonly fault: (path: string, message: string) => void;
  readonly warn: (path: string, message: string) => void;
}

/** Checks a `litellm_config.yaml` without LiteLLM, whose own start takes seconds and whose messages name no line. */
export function lintLitellmConfig(options: LintOptions): LitellmLint {
  const { file, text, env } = options;
  const yaml = parseLitellmYaml(text);
  if (yaml.kind === 'broken') {
    const at = yaml.line === undefined ? '' : `, line ${yaml.line}, column ${yaml.column ?? 1}`;
    return { faults: [`${file}${at}: ${yaml.reason}`], warnings: [], models: modelsOf(undefined) };
  }
  if (!isMapping(yaml.document)) {
    const message = `${file}: it must be a mapping with model_list and the settings`;
    return { faults: [message], warnings: [], models: modelsOf(undefined) };
  }
  const faults: string[] = [];
  const warnings: string[] = [];
  const findings: Findings = {
    document: yaml.document,
    env,
    fault: (path, message) => faults.push(`${placeOf(file, yaml, path)}: ${message}`),
    warn: (path, message) => warnings.push(`${placeOf(file, yaml, path)}: ${message}`),
  };
  const models = modelsOf(yaml.document);
  lintSections(findings);
  lintModelList(findings);
  lintProviders(findings, models);
  lintRouter(findings, models);
  lintAffinity(findings, models);
  lintBudgets(findings);
  lintMasterKey(findings, basename(file));
  lintEnvironment(findings);
  return { faults, warnings, models };
}

function placeOf(file: string, yaml: ParsedYaml, path: string): string {
  const line = yaml.lineOf(path);
  return line === undefined ? file : `${file}, line ${line}`;
}

function lintSections({ document, fault, warn }: Findings): void {
  for (const [name, section] of Object.entries(document)) {
    if (!sectionNames.some((known) => known === name)) {
      warn(name, `LiteLLM knows no section "${name}"${suggestion(name, sectionNames)}`);
    }
    const settings = Object.entries(commonSettings).find(([known]) => known === name)?.[1];
    if (settings === undefined || section === null) continue;
    if (!isMapping(section)) {
      fault(name, `${name} must be a mapping of settings`);
      continue;
    }
    for (const setting of Object.keys(section)) {
      const meant = closestName(setting, settings);
      const isKnown = settings.some((known) => known === setting);
      if (!isKnown && meant !== undefined) {
        warn(`${name}.${setting}`, `"${setting}" looks like a typing error: did you mean "${meant}"?`);
      }
    }
  }
}

function lintModelList({ document, fault, warn }: Findings): void {
  const list = document['model_list'];
  if (list === undefined || list === null) {
    if (document['include'] === undefined)
      warn('model_list', 'model_list is missing: no model can be asked for');
    return;
  }
  if (!Array.isArray(list)) {
    fault('model_list', 'model_list must be a list: begin each model with "- model_name: …"');
    return;
  }
  list.forEach((entry: unknown, index) => {
    const path = `model_list[${index}]`;
    const { model_name: name, litellm_params: params } = asMapping(entry);
    if (typeof name !== 'string') {
      fault(path, `${path} has no model_name: add the name that clients ask for`);
      return;
    }
    if (!isMapping(params)) {
      fault(path, `"${name}" has no litellm_params: add them with at least "model: provider/model"`);
    } else if (typeof params['model'] !== 'string') {
      fault(
        `${path}.litellm_params`,
        `"${name}" has no litellm_params.model: add it, for example "model: openai/gpt-5"`,
      );
    } else if (name.includes('*')) {
      warn(
        path,
        `"${name}" is a wildcard: for models that LiteLLM does not know, streams come all at once at their end`,
      );
    }
  });
}

/** LiteLLM starts without such an entry, and refuses its name. */
function lintProviders({ document, warn }: Findings, { models }: LitellmModels): void {
  const list: unknown[] = Array.isArray(document['model_list']) ? document['model_list'] : [];
  for (const { name, model, unknownProvider } of models) {
    if (unknownProvider === undefined) continue;
    const index = list.findIndex((entry) => {
      const { model_name: itsName, litellm_params: params } = asMapping(entry);
      return itsName === name && asMapping(params)['model'] === model;
    });
    const near = nearProviders(unknownProvider).map((each) => `"${each}"`);
    const todo =
      near.length > 0
        ? `did you mean ${near.join(' or ')}?`
        : `write one of https://docs.litellm.ai/docs/providers before the name of the model, or openai/ for a server with OpenAI's API`;
    warn(
      `model_list[${index}]`,
      `"${name}" cannot be called by this entry: LiteLLM knows no provider "${unknownProvider}" (${model}); ${todo}`,
    );
  }
}

function lintRouter(findings: Findings, known: LitellmModels): void {
  const { document, fault } = findings;
  const router = asMapping(document['router_settings']);
  const strategy = router['routing_strategy'];
  if (strategy !== undefined && !routingStrategies.some((known) => known === strategy)) {
    const all = routingStrategies.join(', ');
    fault(
      'router_settings.routing_strategy',
      `unknown routing_strategy ${JSON.stringify(strategy)}: choose one of ${all}`,
    );
  }
  lintAliases(findings, known);
}

/** LiteLLM starts with aliases that lead nowhere, does not list them, and refuses each call. */
function lintAliases({ warn }: Findings, { models, aliases, naming, isOpen }: LitellmModels): void {
  if (models.length === 0 || isOpen) return;
  const deployments = new LitellmDeployments(models, { ...naming, fallback: undefined });
  for (const [alias, model] of Object.entries(aliases)) {
    if (deployments.of(alias).length > 0) continue;
    const further = Object.hasOwn(aliases, model) ? aliases[model] : undefined;
    const why =
      further === undefined
        ? 'which no entry of model_list has'
        : `another alias, and LiteLLM follows one alone: point it to "${further}"`;
    const answer =
      naming.fallback === undefined
        ? 'calls of it are refused'
        : `calls of it go to the default fallback "${naming.fallback}"`;
    warn(
      `router_settings.model_group_alias.${alias}`,
      `the alias "${alias}" points to "${model}", ${why}; ${answer}`,
    );
  }
}

/** Without it each turn of a session may go to another deployment, which has nothing of its prompt in its cache. */
function lintAffinity({ document, warn }: Findings, { models }: LitellmModels): void {
  const router = asMapping(document['router_settings']);
  const { optional_pre_call_checks: checks, model_group_affinity_config: byGroup } = router;
  if (byGroup !== undefined || (Array.isArray(checks) && checks.includes('session_affinity'))) return;
  const names = models.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice === undefined) return;
  warn(
    'router_settings',
    `"${twice}" has several deployments, and sessions change between them: add "optional_pre_call_checks: [session_affinity, encrypted_content_affinity]" to router_settings`,
  );
}

/** Budgets that look as if they held (measured with LiteLLM 1.106.2 and no database). */
function lintBudgets({ document, env, warn }: Findings): void {
  const router = asMapping(document['router_settings']);
  if (
    router['routing_strategy'] === 'usage-based-routing' &&
    router['provider_budget_config'] !== undefined
  ) {
    warn(
      'router_settings.routing_strategy',
      'budgets are not enforced with usage-based-routing: use usage-based-routing-v2',
    );
  }
  const general = asMapping(document['general_settings']);
  if (general['database_url'] !== undefined || isSet(env['DATABASE_URL'])) return;
  for (const section of ['general_settings', 'litellm_settings'] as const) {
    if (asMapping(document[section])['max_budget'] === undefined) continue;
    warn(
      `${section}.max_budget`,
      `${section}.max_budget does nothing without a database: use router_settings.provider_budget_config`,
    );
  }
}

function lintMasterKey({ document, fault }: Findings, file: string): void {
  const key = asMapping(document['general_settings'])['master_key'];
  if (key === undefined || envNameOf(key) === 'LITELLM_MASTER_KEY') return;
  fault(
    'general_settings.master_key',
    `write "master_key: os.environ/LITELLM_MASTER_KEY" and put a key of your own into that variable, not into ${file}`,
  );
}

function lintEnvironment({ document, env, warn }: Findings): void {
  const { resting } = missingKeysOf(document, env);
  for (const { index, name, model, variable } of resting) {
    warn(
      `model_list[${index}]`,
      `"${name}" is answered by its other deployments alone: ${model} rests until the environment variable ${variable} is set`,
    );
  }
  const rests = ({ name, path }: Pick<NamedVariable, 'name' | 'path'>): boolean =>
    resting.some(
      ({ index, variable }) =>
        variable === name && (path === `model_list[${index}]` || path.startsWith(`model_list[${index}].`)),
    );
  const given = asMapping(document['environment_variables']);
  const isMissing = (name: string): boolean =>
    name !== 'LITELLM_MASTER_KEY' && given[name] === undefined && !isSet(env[name]);
  const users = new Map<string, { readonly path: string; readonly names: Set<string> }>();
  const note = (name: string, path: string, user: string): void => {
    if (!isMissing(name) || rests({ name, path })) return;
    const known = users.get(name) ?? { path, names: new Set<string>() };
    users.set(name, { ...known, names: known.names.add(user) });
  };
  for (const { name, path, user } of namedVariables(document, '', undefined)) note(name, path, user);
  const list: unknown[] = Array.isArray(document['model_list']) ? document['model_list'] : [];
  list.forEach((entry, index) => {
    for (const { name, apiKeyEnv } of modelsOf({ model_list: [entry] }).models) {
      if (apiKeyEnv !== undefined) note(apiKeyEnv, `model_list[${index}]`, `"${name}"`);
    }
  });
  for (const [name, { path, names }] of users) {
    warn(
      path,
      `the environment variable ${name} is not set: ${[...names].join(', ')} cannot work without it`,
    );
  }
}

interface NamedVariable {
  readonly name: string;
  readonly path: string;
  /** Whose setting it is, for the message. */
  readonly user: string;
}

/** Every `os.environ/NAME` of the file. */
function namedVariables(value: unknown, path: string, user: string | undefined): NamedVariable[] {
  const name = envNameOf(value);
  if (name !== undefined) return [{ name, path, user: user ?? path }];
  if (Array.isArray(value)) {
    return value.flatMap((item: unknown, index) => {
      const model = path === 'model_list' ? asMapping(item)['model_name'] : undefined;
      return namedVariables(item, `${path}[${index}]`, typeof model === 'string' ? `"${model}"` : user);
    });
  }
  return Object.entries(asMapping(value)).flatMap(([key, item]) =>
    namedVariables(item, path === '' ? key : `${path}.${key}`, user),
  );
}

function isSet(value: string | undefined): boolean {
  return value !== undefined && value !== '';
}

function suggestion(name: string, known: readonly string[]): string {
  const meant = closestName(name, known);
  return meant === undefined ? ' and leaves it unread' : `: did you mean "${meant}"?`;
}
