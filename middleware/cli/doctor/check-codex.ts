import { untestedCodex } from '../../features/clients/untested-codex.ts';
import { providerInUse } from '../codex/provider-in-use.ts';
import type { CodexFacts, Facts } from './facts.ts';
import type { Finding } from './finding.ts';

/** Whether Codex is there, is a version that we know, has the login that it needs, and has a home that works. */
export function checkCodex({ codex }: Facts): Finding[] {
  return [...checkProgram(codex), ...checkHome(codex), ...checkLogin(codex)];
}

function checkProgram({ program, testedVersions }: CodexFacts): Finding[] {
  if (program === undefined) {
    return [
      {
        id: 'codex',
        level: 'warning',
        what: 'codex is not installed; other clients work without it',
        where: 'PATH',
        todo: 'npm install -g @openai/codex',
      },
    ];
  }
  const untested = untestedCodex(program.version, testedVersions);
  if (untested === undefined) {
    return [{ id: 'codex-version', level: 'ok', what: `Codex ${program.version}, tested with this release` }];
  }
  return [
    {
      id: 'codex-version',
      level: untested.isTooOld ? 'problem' : 'warning',
      what: untested.message,
      todo: `npm install -g @openai/codex@${testedVersions.at(-1) ?? 'latest'} is the one that was tested`,
    },
  ];
}

function checkHome({ home: { folder, isNamed, exists, isTemporary } }: CodexFacts): Finding[] {
  if (isTemporary) {
    return [
      {
        id: 'codex-home',
        level: 'problem',
        what: 'the folder of Codex is a temporary one: Codex puts no helpers there, and sandboxed commands fail',
        where: folder,
        todo: 'let CODEX_HOME name a folder elsewhere',
      },
    ];
  }
  if (exists || !isNamed) return [];
  return [
    {
      id: 'codex-home',
      level: 'problem',
      what: 'CODEX_HOME names a folder that does not exist, and Codex does not start',
      where: folder,
      todo: 'create it, or unset CODEX_HOME',
    },
  ];
}

function checkLogin({ program, config }: CodexFacts): Finding[] {
  if (program?.login !== 'none' || config === undefined) return [];
  const { id, entry } = providerInUse(config.document);
  if (entry?.['requires_openai_auth'] !== true) return [];
  return [
    {
      id: 'codex-login',
      level: 'problem',
      what: `the provider "${id}" sends the login of Codex, and there is none`,
      where: config.placeOf('model_providers', id, 'requires_openai_auth'),
      todo: 'codex login, or take requires_openai_auth out',
    },
  ];
}
