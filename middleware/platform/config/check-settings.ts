import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import { closestName } from './closest-name.ts';
import type { ConfigFault } from './config-error.ts';
import type { OverrideSources } from './environment.ts';
import type { SettingsPlace } from './settings-place.ts';

const ajv = new Ajv2020({ allErrors: true, useDefaults: true, verbose: true, allowUnionTypes: true });

/** By the text of the schema. There are only so many: they are files of ours. */
const validators = new Map<string, ValidateFunction>();

/** Compiling takes far longer than checking, and a process may load its configuration more than once. */
function compiled(schema: object): ValidateFunction {
  const text = JSON.stringify(schema);
  const validate = validators.get(text) ?? ajv.compile(schema);
  validators.set(text, validate);
  return validate;
}

/**
 * Checks settings against a JSON schema and fills in its defaults, in place. Returns every fault, each with the place, or
 * the variable that set the value, and the path.
 */
export function checkSettings(
  settings: Readonly<Record<string, unknown>>,
  schema: object,
  { source, prefix }: SettingsPlace,
  sources: OverrideSources,
): ConfigFault[] {
  const validate = compiled(schema);
  if (validate(settings)) return [];
  return (validate.errors ?? []).map((error) => {
    const path = pathOf(error);
    // Of a list that a variable gives, whatever in it is wrong.
    const variable = sources.get(path.replace(/\[\d+\](?:\.\w+)?$/, ''));
    const reason = reasonOf(error);
    return variable === undefined
      ? { source, path: `${prefix}${path}`, reason }
      : { source: 'environment', path: variable, reason };
  });
}

/** `/providers/0/apis` → `providers[0].apis`, with the unknown key at its end where that is the fault. */
function pathOf(error: ErrorObject): string {
  const base = error.instancePath
    .slice(1)
    .replaceAll(/\/(\d+)(?=\/|$)/g, '[$1]')
    .replaceAll('/', '.');
  const unknown: unknown = error.params['additionalProperty'];
  if (typeof unknown !== 'string') return base;
  return base === '' ? unknown : `${base}.${unknown}`;
}

function reasonOf(error: ErrorObject): string {
  const { params } = error;
  switch (error.keyword) {
    case 'additionalProperties': {
      const known = Object.keys(
        (error.parentSchema as { properties?: object } | undefined)?.properties ?? {},
      );
      const near = closestName(String(params['additionalProperty']), known);
      return near === undefined ? 'is not a setting; remove it' : `is not a setting; did you mean "${near}"?`;
    }
    case 'enum':
      return `must be one of ${(params['allowedValues'] as unknown[]).join(', ')}`;
    case 'pattern':
      return `does not have the form ${String(params['pattern'])}`;
    default:
      return error.message ?? 'is not valid';
  }
}
