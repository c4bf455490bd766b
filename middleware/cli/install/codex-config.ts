import { providerId, providerSettings, type ProviderOptions } from '../codex/provider-settings.ts';
import { mcpId } from '../../protocol/codex/mcp-id.ts';
import { CliError } from '../cli-error.ts';
import type { HookState } from '../codex/our-hook-states.ts';
import { codexMarks } from './codex-marks.ts';
import { CodexToml } from './codex-toml.ts';
import { SegmentedText } from './text-segments.ts';
import type { Segment } from '../../features/install/planned-file.ts';
import { isPartOf } from './toml-paths.ts';
import { takeOutOfCodex } from './take-out-of-codex.ts';
import { memberAt } from '../codex/codex-config-file.ts';
import { inlineToml } from '../../protocol/codex/inline-toml.ts';

export interface CodexConfigOptions extends ProviderOptions {
  /** Codex asks for this model unless told otherwise; `undefined` leaves the user's. */
  readonly model: string | undefined;
  /** The file, for messages. */
  readonly file: string;
  /** What makes Codex run our hooks without asking: the user agrees when the change is shown. */
  readonly hookStates: readonly HookState[];
}

const { ours: marker, kept } = codexMarks;

/**
 * What a hook of Codex hands to ours, by event; only members that the event has, or the hook fails. Measured with
 * 0.169.0.
 */
const hookInputs: Readonly<Record<string, readonly string[]>> = {
  PreToolUse: ['tool_name', 'tool_input', 'tool_use_id'],
  PostToolUse: ['tool_name', 'tool_input', 'tool_use_id', 'tool_response'],
};
const commonInputs = ['session_id', 'turn_id', 'cwd', 'hook_event_name', 'model', 'permission_mode'];

/**
 * `config.toml` with our provider in use, our tools, and Codex's hooks calling them; everything else stays where it
 * stands.
 */
export function editCodexConfig(
  before: string,
  options: CodexConfigOptions,
): { readonly text: string; readonly segments: readonly Segment[] } {
  const user = new CodexToml(before, options.file);
  refuseOwnEntries(user, options.file);
  const edited = new SegmentedText(before);
  const lines = [`model_provider = ${JSON.stringify(providerId)}`];
  setAside(edited, 'model_provider', options.file);
  if (options.model !== undefined) {
    setAside(edited, 'model', options.file);
    lines.push(`model = ${JSON.stringify(options.model)}`);
  }
  edited.prepend(`${marker}\n${lines.join('\n')}\n\n`);
  const members = Object.entries(providerSettings(options)).map(
    ([key, value]) => `${key} = ${inlineToml(value)}`,
  );
  edited.append(`\n${marker}\n[model_providers.${providerId}]\n${members.join('\n')}\n`);
  edited.append(
    `\n${marker}\n[mcp_servers.${mcpId}]\nurl = ${JSON.stringify(`${options.url}/mcp`)}\n${mcpKey(options)}`,
  );
  for (const event of Object.keys(hookInputs)) edited.append(hookTables(event));
  for (const { key, hash } of options.hookStates) {
    // Codex has written one itself, when its user was asked.
    if (memberAt(user.document, 'hooks', 'state', key) !== undefined) continue;
    edited.append(
      `\n${marker}\n[hooks.state.${JSON.stringify(key)}]\ntrusted_hash = ${JSON.stringify(hash)}\n`,
    );
  }
  const { text, segments } = edited;
  if (!isUndoable(text, segments, before)) throw new CliError(whyNothingCanBeAdded(user, options.file));
  return { text, segments };
}

/** Whether Codex can read what was made of the file, and the user gets theirs back. */
function isUndoable(text: string, segments: readonly Segment[], before: string): boolean {
  try {
    return takeOutOfCodex(text, segments, '') === before;
  } catch {
    // Not the user's fault: their file was read before.
    return false;
  }
}

/** An entry under our name that we did not write is not ours to change. */
function refuseOwnEntries({ statements }: CodexToml, file: string): void {
  for (const own of [
    ['model_providers', providerId],
    ['mcp_servers', mcpId],
  ]) {
    const entry = statements.find(({ path }) => isPartOf(path, own));
    if (entry === undefined) continue;
    throw new CliError(
      `${file}, line ${entry.line}: there is a ${own.join('.')} of your own; take it out first`,
    );
  }
}

function whyNothingCanBeAdded({ statements }: CodexToml, file: string): string {
  const parents = ['model_providers', 'mcp_servers', 'hooks'];
  const entry = statements.find(({ path: [first], isInline }) => isInline && parents.includes(String(first)));
  return entry === undefined
    ? `${file}: Codex-Plus cannot add its part to this file; that is a fault of Codex-Plus, and nothing was written`
    : `${file}, line ${entry.line}: Codex-Plus cannot add to ${entry.path.join('.')}, which is written as one value; write it as tables, [${String(entry.path[0])}…], and call this again`;
}

/** Turns the user's own line into a comment, to be put back as it was. */
function setAside(edited: SegmentedText, key: string, file: string): void {
  const line = new CodexToml(edited.text, file).topLevel(key);
  if (line === undefined) return;
  const own = edited.text.slice(line.start, line.end);
  edited.replace(
    line.start,
    line.end,
    own
      .split('\n')
      .map((part) => kept + part)
      .join('\n'),
  );
}

function mcpKey({ keyVariable }: ProviderOptions): string {
  return keyVariable === undefined
    ? ''
    : `env_http_headers = { x-codex-plus-key = ${JSON.stringify(keyVariable)} }\n`;
}

function hookTables(event: string): string {
  const inputs = [...commonInputs, ...(hookInputs[event] ?? [])].map((name) => `${name} = "\${${name}}"`);
  return [
    `\n${marker}`,
    `[[hooks.${event}]]`,
    `[[hooks.${event}.hooks]]`,
    'type = "mcp_tool"',
    `server = ${JSON.stringify(mcpId)}`,
    'tool = "hook"',
    `input = { ${inputs.join(', ')} }`,
    'timeout = 60',
    '',
  ].join('\n');
}
