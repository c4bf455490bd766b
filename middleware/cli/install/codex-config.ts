import {
  inlineToml,
  mcpId,
  providerId,
  providerSettings,
  type ProviderOptions,
} from '../codex/provider-settings.ts';
import type { HookState } from '../codex/our-hook-states.ts';
import { CodexToml, type TomlLine } from './codex-toml.ts';
import { SegmentedText, type Segment } from './text-segments.ts';

export interface CodexConfigOptions extends ProviderOptions {
  /** Codex asks for this model unless told otherwise; `undefined` leaves the user's. */
  readonly model: string | undefined;
  /** The file, for messages. */
  readonly file: string;
  /** What makes Codex run our hooks without asking: the user agrees when the change is shown. */
  readonly hookStates: readonly HookState[];
}

const marker = '# codex-plus; `codex-plus uninstall` takes it out again';
const kept = '# codex-plus keeps: ';

/** What a hook of Codex hands to ours, by event; only members that the event has, or the hook fails. Measured with 0.169.0. */
const hookInputs: Readonly<Record<string, readonly string[]>> = {
  PreToolUse: ['tool_name', 'tool_input', 'tool_use_id'],
  PostToolUse: ['tool_name', 'tool_input', 'tool_use_id', 'tool_response'],
};
const commonInputs = ['session_id', 'turn_id', 'cwd', 'hook_event_name', 'model', 'permission_mode'];

/** `config.toml` with our provider in use, our tools, and Codex's hooks calling them; everything else stays where it stands. */
export function editCodexConfig(
  before: string,
  options: CodexConfigOptions,
): { readonly text: string; readonly segments: readonly Segment[] } {
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
    edited.append(
      `\n${marker}\n[hooks.state.${JSON.stringify(key)}]\ntrusted_hash = ${JSON.stringify(hash)}\n`,
    );
  }
  return { text: edited.text, segments: edited.segments };
}

/** A file from which our segments could not all be taken as we wrote them, without what is ours in it. */
export function removeOurTables(text: string, file: string): string {
  const toml = new CodexToml(text, file);
  const ours = toml.tables(
    [
      ['model_providers', providerId],
      ['mcp_servers', mcpId],
    ],
    { key: 'server', value: mcpId },
  );
  const lines = [...ours, ...['model_provider', 'model'].flatMap((key) => ourLine(toml, text, key))];
  let rest = text;
  for (const { start, end } of lines.toSorted((a, b) => b.start - a.start)) {
    rest = rest.slice(0, start) + rest.slice(end).replace(/^\r?\n/, '');
  }
  return rest
    .split('\n')
    .filter((line) => line.trimEnd() !== marker)
    .map((line) => (line.startsWith(kept) ? line.slice(kept.length) : line))
    .join('\n');
}

/** The line of a key that stands in the place of the user's own, or names our provider. */
function ourLine(toml: CodexToml, text: string, key: string): TomlLine[] {
  const line = toml.topLevel(key);
  const isOurs = text.includes(`${kept}${key} `) || toml.topLevelString(key) === providerId;
  return line !== undefined && isOurs ? [line] : [];
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
