import { ownProviders } from '../../protocol/codex/own-providers.ts';
import { tableAt, textAt, type CodexConfigFile } from '../codex/codex-config-file.ts';
import type { Facts } from './facts.ts';
import type { Fault, Finding } from './finding.ts';

/** Whether Codex can read its own configuration. */
export function checkCodexConfig({ codex: { config, profiles, hooks } }: Facts): Finding[] {
  const files = config === undefined ? profiles : [config, ...profiles];
  const rules = files.flatMap((file) => [
    ...checkReserved(file),
    ...checkWireApi(file),
    ...checkProfiles(file),
  ]);
  if (rules.some(({ level }) => level === 'problem')) return rules;
  // Codex itself knows more rules than we do, and the exact place.
  const refused = hooks.kind === 'listed' ? hooks.errors.map(refusal) : [];
  const found = [...rules, ...(refused.length > 0 ? refused : files.flatMap(checkSyntax))];
  if (found.length > 0 || config === undefined) return found;
  return [{ id: 'codex-config', level: 'ok', what: `Codex can read ${config.file}` }];
}

function refusal(reason: string): Fault {
  const [first = '', ...rest] = reason.split('\n');
  return {
    id: 'codex-config',
    level: 'problem',
    what: `Codex refuses its configuration: ${first}`,
    todo:
      rest.find((line) => line.startsWith('How to fix:'))?.slice(12) ??
      'mend it; codex does not start with it',
  };
}

function checkSyntax({ file, fault }: CodexConfigFile): Fault[] {
  if (fault === undefined) return [];
  return [
    {
      id: 'codex-config',
      level: 'problem',
      what: `it is not TOML: ${fault.message}`,
      where: `${file}, line ${fault.line}`,
      todo: 'mend it; codex does not start with it',
    },
  ];
}

function checkReserved({ document, placeOf }: CodexConfigFile): Fault[] {
  return Object.keys(tableAt(document, 'model_providers'))
    .filter((id) => id !== 'amazon-bedrock' && ownProviders.some((own) => own === id))
    .map((id) => ({
      id: 'reserved-provider',
      level: 'problem',
      what: `the provider id "${id}" is Codex's own, and Codex does not start with an entry of that name`,
      where: placeOf('model_providers', id),
      todo: 'rename it, for example to "codex-plus", here and in model_provider',
    }));
}

function checkWireApi({ document, placeOf }: CodexConfigFile): Fault[] {
  return Object.keys(tableAt(document, 'model_providers'))
    .filter((id) => textAt(document, 'model_providers', id, 'wire_api') === 'chat')
    .map((id) => ({
      id: 'wire-api',
      level: 'problem',
      what: `wire_api = "chat" is gone, and Codex does not start with it`,
      where: placeOf('model_providers', id, 'wire_api'),
      todo: 'take the line out: Codex-Plus serves the Responses API for every model',
    }));
}

function checkProfiles({ document, placeOf }: CodexConfigFile): Fault[] {
  const inUse = textAt(document, 'profile');
  if (inUse !== undefined) {
    return [
      {
        id: 'legacy-profile',
        level: 'problem',
        what: `profile = "${inUse}" is gone, and Codex does not start with it`,
        where: placeOf('profile'),
        todo: `move [profiles.${inUse}] into ${inUse}.config.toml beside it and run codex -p ${inUse}`,
      },
    ];
  }
  return Object.keys(tableAt(document, 'profiles')).map((name) => ({
    id: 'legacy-profile',
    level: 'warning',
    what: `[profiles.${name}] does nothing any more, and codex -p ${name} is refused`,
    where: placeOf('profiles', name),
    todo: `move it into ${name}.config.toml beside it`,
  }));
}
