import type { JsonObject } from '../../kernel/json-object.ts';
import type { Examination } from './examination.ts';
import type { OtherCall } from './policy-call.ts';
import { allowsMcpTool, matchesMcpTool } from './rules/mcp-rules.ts';
import { matchesParameter } from './rules/parameter-rules.ts';
import { reasons } from './reasons.ts';
import { isWholeTool, type ActiveRule } from './rules/rule-syntax.ts';

/** Looks at a call that fetches a page: rules are about its host. */
export function examineFetchCall(url: string, input: JsonObject): Examination {
  const host = hostOf(url);
  const isAboutHost = ({ tool, spec }: ActiveRule): boolean =>
    tool === 'WebFetch' &&
    host !== undefined &&
    normalHost(/^domain:([^]+)$/.exec(spec ?? '')?.[1] ?? '') === host;
  return {
    ...examineOtherCall({ tool: 'WebFetch', input }),
    isTouchedBy: (active) =>
      isAboutHost(active) || (active.tool === 'WebFetch' && matchesParameter(active.spec ?? '', input)),
    doubt: (restricting) =>
      host === undefined && restricting.some(({ tool }) => tool === 'WebFetch')
        ? 'The address of this WebFetch cannot be read'
        : undefined,
    allowance: (allowRules) => {
      const rule = allowRules.find((active) => isAboutHost(active) || isWhole(active, 'WebFetch'))?.rule;
      return rule === undefined
        ? { allowed: false, reason: reasons.notGranted('WebFetch') }
        : { allowed: true, rule };
    },
    deniedReason: (active) =>
      isAboutHost(active) && host !== undefined
        ? reasons.deniedHost(host)
        : reasons.denied('WebFetch', active.spec ?? ''),
  };
}

/** Looks at a call of an MCP tool, of a skill, of a subagent, or of any other tool. */
export function examineOtherCall(
  call: Omit<OtherCall, 'kind'>,
  servers: readonly string[] = [],
): Examination {
  const { tool, input } = call;
  const isAbout = (active: ActiveRule): boolean =>
    active.tool === tool && isAboutSubject(tool, active.spec ?? '', input);
  return {
    isTouchedBy: (active) =>
      isAbout(active) ||
      (active.spec === undefined && matchesMcpTool(active.tool, tool)) ||
      (active.tool === tool && matchesParameter(active.spec ?? '', input)),
    doubt: () => undefined,
    allowance: (allowRules) => {
      const rule = allowRules.find(
        (active) =>
          isAbout(active) ||
          (tool.startsWith('mcp__') ? allowsMcp(active, call, servers) : isWhole(active, tool)),
      )?.rule;
      return rule === undefined
        ? { allowed: false, reason: reasons.notGranted(tool) }
        : { allowed: true, rule };
    },
    changesFiles: false,
    deniedReason: (active) => {
      const { rule, spec } = active;
      if (spec === undefined) return reasons.noSuchTool(tool);
      return tool === 'Agent' && isAbout(active)
        ? reasons.deniedAgent(spec, rule)
        : reasons.denied(tool, spec);
    },
    askedReason: reasons.notGranted(tool),
  };
}

/** `Agent(Explore)` is about the agent, `Skill(commit)` and `Skill(review *)` about the skill and what it is given. */
function isAboutSubject(tool: string, spec: string, input: JsonObject): boolean {
  if (tool === 'Agent') return spec !== '' && spec === input['subagent_type'];
  const { skill, args } = input;
  if (tool !== 'Skill' || typeof skill !== 'string') return false;
  const prefix = /^([^]+?)(?::\*| \*)$/.exec(spec)?.[1];
  return prefix === undefined
    ? spec === skill
    : prefix === skill || `${skill} ${typeof args === 'string' ? args : ''}`.startsWith(`${prefix} `);
}

function isWhole(active: ActiveRule, tool: string): boolean {
  return active.tool === tool && isWholeTool(active);
}

function allowsMcp(active: ActiveRule, call: Omit<OtherCall, 'kind'>, servers: readonly string[]): boolean {
  const isAsked = active.spec === undefined || isWhole(active, call.tool);
  return isAsked && allowsMcpTool(active.tool, call, servers);
}

function hostOf(url: string): string | undefined {
  const host = URL.canParse(url) ? normalHost(new URL(url).hostname) : '';
  return host === '' ? undefined : host;
}

function normalHost(host: string): string {
  return host.toLowerCase().replace(/\.$/, '');
}
