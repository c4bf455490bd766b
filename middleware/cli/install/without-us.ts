import { UserError } from '../../kernel/user-error.ts';
import type { JsonObject } from '../../kernel/json-object.ts';
import { userFolders } from '../../platform/config/scopes/folders/user-folders.ts';
import type { CliContext } from '../context.ts';
import { CodexToml } from './codex-toml.ts';
import { tableAt } from '../codex/codex-config-file.ts';
import { readInstallRecord } from '../../features/install/install-record.ts';
import { codexConfigFile } from './plan-codex.ts';
import { readTextFile } from '../../platform/store/read-text-file.ts';
import { takeOutOfCodex } from './take-out-of-codex.ts';
import { providerId } from '../codex/provider-settings.ts';
import { mcpId } from '../../protocol/codex/mcp-id.ts';
import { inlineToml } from '../../protocol/codex/inline-toml.ts';

/**
 * Settings of Codex, as `-c` takes them, that put aside what `init` wrote; empty where it wrote nothing, or Codex
 * reads nothing.
 */
export function withoutUs({ home, env }: CliContext): string[] {
  const file = codexConfigFile(userFolders(home, env).codex, undefined);
  const segments = readInstallRecord(home).files.find((known) => known.file === file)?.segments ?? [];
  const documents = readBoth(file, segments);
  if (documents?.now['model_provider'] !== providerId) return [];
  const { model_provider: provider = 'openai', model } = documents.own;
  const own = Object.keys(tableAt(documents.own, 'hooks', 'state'));
  const hooks = Object.keys(tableAt(documents.now, 'hooks', 'state')).filter((key) => !own.includes(key));
  return [
    `model_provider=${inlineToml(provider)}`,
    ...(model === undefined ? [] : [`model=${inlineToml(model)}`]),
    `mcp_servers.${mcpId}.enabled=false`,
    `hooks.state=${inlineToml(Object.fromEntries(hooks.map((key) => [key, { enabled: false }])))}`,
  ];
}

function readBoth(
  file: string,
  segments: Parameters<typeof takeOutOfCodex>[1],
): { readonly now: JsonObject; readonly own: JsonObject } | undefined {
  const text = readTextFile(file);
  if (text === undefined) return undefined;
  try {
    const own = takeOutOfCodex(text, segments, file);
    return { now: new CodexToml(text, file).document, own: new CodexToml(own, file).document };
  } catch (error) {
    // Codex itself says what is wrong with its file.
    if (error instanceof UserError) return undefined;
    throw error;
  }
}
