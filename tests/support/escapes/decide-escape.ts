import { decideCall } from '../../../middleware/features/calls/call-rules.ts';
import type { CallPolicy } from '../../../middleware/features/calls/call-policy.ts';
import type { Decision } from '../../../middleware/features/policy/decision.ts';
import type { ProjectSnapshot } from '../../../middleware/platform/config/scopes/project-snapshot.ts';
import { claudeUsesOf } from '../../../middleware/protocol/claude-tools/claude-tool.ts';
import { join, resolve } from 'node:path';
import type { EscapePlace } from './escape-place.ts';
import type { Escape } from './read-escapes.ts';
import { inPlace } from './run-escape.ts';
import type { ClaudeToolUse } from '../../../middleware/protocol/claude-tools/tool-mapping.ts';

const strictest: readonly Decision['behavior'][] = ['deny', 'ask', 'none', 'allow'];

/**
 * What the rules say of a call of the corpus, in all its parts. Where a rule denies, nothing else stands in the way
 * (`bypassPermissions`); where one allows, nothing else helps.
 */
export function decideEscape({ call, behavior, rule }: Escape, place: EscapePlace): Decision['behavior'] {
  const { project: workspace, home } = place;
  const baseDir = join(home, '.claude');
  const source = { scope: 'user', family: 'claude', file: join(baseDir, 'settings.json'), baseDir } as const;
  const policy: CallPolicy = {
    rules: [{ behavior, text: rule, source }],
    mode: behavior === 'deny' ? 'bypassPermissions' : 'default',
    directories: [],
    asksUndecided: false,
  };
  const project = {
    workspace,
    home,
    settings: { additionalDirectories: [] },
    mcpServers: new Map(),
  } as unknown as ProjectSnapshot;
  const uses: readonly ClaudeToolUse[] = claudeUsesOf(
    { ...call, callId: 'c', input: inPlace(call.input, place) },
    (path) => resolve(workspace, path),
  );
  const said = uses.map((use) => decideCall(use, project, policy).behavior);
  return strictest.find((one) => said.includes(one)) ?? 'allow';
}
