import { modelsOf, type LitellmModel } from './litellm-config.ts';
import { asMapping, parseLitellmYaml } from './litellm-yaml.ts';
import { LitellmDeployments } from './deployments/litellm-deployments.ts';

/** A deployment that LiteLLM is started without, since others of its name have their keys. */
export interface RestingDeployment {
  /** Its place in `model_list`. */
  readonly index: number;
  readonly name: string;
  /** `litellm_params.model`. */
  readonly model: string;
  /** The variable that holds its key, and is not set. */
  readonly variable: string;
}

export interface MissingKeys {
  /** The names that no entry of `model_list` can serve, aliases included, each with the variable that is not set. */
  readonly byName: Readonly<Record<string, string>>;
  /** The same for whatever name LiteLLM finds deployments by; `undefined` where one of them can work. */
  readonly variableOf: (model: string) => string | undefined;
  readonly resting: readonly RestingDeployment[];
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Which providers' keys are in variables that are not set. */
export function missingKeys(text: string, env: Environment): MissingKeys {
  const yaml = parseLitellmYaml(text);
  return missingKeysOf(yaml.kind === 'broken' ? undefined : yaml.document, env);
}

/** The same from a document that was parsed already. */
export function missingKeysOf(document: unknown, env: Environment): MissingKeys {
  const given = asMapping(asMapping(document)['environment_variables']);
  const { models, names, naming } = modelsOf(document);
  const isSet = (variable: string): boolean => given[variable] !== undefined || (env[variable] ?? '') !== '';
  const variableOfEntry = ({ apiKeyEnv }: LitellmModel): string | undefined =>
    apiKeyEnv === undefined || [apiKeyEnv, ...(alternatives.get(apiKeyEnv) ?? [])].some(isSet)
      ? undefined
      : apiKeyEnv;
  const deployments = new LitellmDeployments(models, naming);
  const variableOf = (model: string): string | undefined => {
    const variables = deployments.of(model).map(({ deployment }) => variableOfEntry(deployment));
    return variables.includes(undefined) ? undefined : variables[0];
  };
  const able = new Set(
    models.filter((model) => variableOfEntry(model) === undefined).map(({ name }) => name),
  );
  const resting = models.flatMap((entry, index): readonly RestingDeployment[] => {
    const variable = variableOfEntry(entry);
    const { name, model } = entry;
    return variable !== undefined && able.has(name) ? [{ index, name, model, variable }] : [];
  });
  // Without a prototype: a model may be called `constructor`.
  const byName = Object.create(null) as Record<string, string>;
  for (const name of names) {
    const variable = variableOf(name);
    if (variable !== undefined) byName[name] = variable;
  }
  return { byName, variableOf, resting };
}

/** What LiteLLM takes a key from as well. */
const alternatives: ReadonlyMap<string, readonly string[]> = new Map([
  ['GEMINI_API_KEY', ['GOOGLE_API_KEY']],
]);
