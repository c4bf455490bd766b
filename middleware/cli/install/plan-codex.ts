import { join } from 'node:path';
import { editCodexConfig, type CodexConfigOptions } from './codex-config.ts';
import type { InstallRecord } from '../../features/install/install-record.ts';
import type { PlannedFile } from '../../features/install/planned-file.ts';
import { editedFile } from './edited-file.ts';
import { ownChoices } from './own-choices.ts';
import { takeOutOfCodex } from './take-out-of-codex.ts';
import { skillStubFiles, type SkillStub } from '../../features/commands/stubs/skill-stubs.ts';

export interface PlanCodexOptions extends Omit<CodexConfigOptions, 'file'> {
  /** CODEX_HOME. */
  readonly codexHome: string;
  /** A profile's file instead of `config.toml`: used with `codex -p NAME` only. */
  readonly profile: string | undefined;
  readonly stubs: readonly SkillStub[];
}

/** The files with which Codex uses us: its configuration, and a skill for each command. */
export function planCodex(options: PlanCodexOptions, record: InstallRecord): PlannedFile[] {
  const { codexHome, profile, stubs } = options;
  const file = codexConfigFile(codexHome, profile);
  const installed = record.files.find((known) => known.file === file);
  let own = installed?.own;
  const config = editedFile(
    file,
    installed,
    (before) => {
      if (installed === undefined) own = ownChoices(before, file);
      return editCodexConfig(before, { ...options, file });
    },
    (text, segments) => takeOutOfCodex(text, segments, file),
  );
  return [{ ...config, own }, ...skillStubFiles(join(codexHome, 'skills'), stubs)];
}

/** The file that Codex reads: its own, or that of a profile. */
export function codexConfigFile(codexHome: string, profile: string | undefined): string {
  return join(codexHome, profile === undefined ? 'config.toml' : `${profile}.config.toml`);
}
