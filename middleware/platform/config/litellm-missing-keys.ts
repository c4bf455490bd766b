import { asMapping, modelsOf } from './litellm-config.ts';
import { parseLitellmYaml } from './litellm-yaml.ts';

/**
 * The names that no entry of `model_list` can serve, since the provider's key is in a variable that is not set: the
 * name, aliases included, and that variable. A name with one entry that can work is not among them.
 */
export function missingKeys(
  text: string,
  env: Readonly<Record<string, string | undefined>>,
): Readonly<Record<string, string>> {
  const yaml = parseLitellmYaml(text);
  if (yaml.kind === 'broken') return {};
  const given = asMapping(asMapping(yaml.document)['environment_variables']);
  const { models, aliases, names } = modelsOf(yaml.document);
  const isMissing = (variable: string): boolean =>
    given[variable] === undefined && (env[variable] ?? '') === '';
  // Without a prototype: a model may be called `constructor`.
  const missing = Object.create(null) as Record<string, string>;
  for (const name of names) {
    const entries = models.filter((model) => model.name === (aliases[name] ?? name));
    const variables = entries.map(({ apiKeyEnv }) => apiKeyEnv).filter((variable) => variable !== undefined);
    const [first] = variables;
    if (first === undefined || variables.length < entries.length || !variables.every(isMissing)) continue;
    missing[name] = first;
  }
  return missing;
}
