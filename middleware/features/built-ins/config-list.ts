import { ruleHint } from '../policy/rules/describe-rule.ts';
import type { PermissionRule } from '../../kernel/permission-rule.ts';
import { explainSnapshot, type ConfigRow } from '../../platform/config/scopes/explain.ts';
import type { BuiltInContext } from './built-in-context.ts';
import { codeSpan } from './code-markdown.ts';
import { noProject } from './no-project.ts';
import { sourceMarkdown, type Places } from './source-markdown.ts';
import { usageLine } from './usage-line.ts';

/** `/config list`: every setting that counts, with the file that it comes from and what it was preferred to. */
export function configList(args: string, { snapshot, exchange }: BuiltInContext): string {
  if (args !== '' && args !== 'list') return usageLine('config', { exchange });
  if (snapshot === undefined) return noProject(exchange);
  const rows = explainSnapshot(snapshot);
  if (rows.length === 0) return 'Nothing is configured here.\n';
  const idle = snapshot.settings.rules.flatMap((rule) => idleRule(rule, snapshot));
  const sections = [
    '## Configuration',
    rows.map((row) => rowLine(row, snapshot)).join('\n'),
    ...(idle.length === 0 ? [] : ['## Rules that match nothing', idle.join('\n')]),
  ];
  return sections.join('\n\n').concat('\n');
}

function idleRule(rule: PermissionRule, places: Places): readonly string[] {
  const hint = ruleHint(rule);
  if (hint === undefined) return [];
  const { behavior, text, source } = rule;
  return [`- ${behavior} ${codeSpan(text, 80)} (${sourceMarkdown(source, places)}): ${codeSpan(hint, 160)}`];
}

function rowLine({ key, value, source, overridden }: ConfigRow, places: Places): string {
  const others = overridden.map(
    (other) => `${codeSpan(JSON.stringify(other.value), 80)} (${sourceMarkdown(other.source, places)})`,
  );
  const instead = others.length === 0 ? '' : `, instead of ${others.join(' and ')}`;
  return `- ${codeSpan(key)}: ${codeSpan(JSON.stringify(value))} (${sourceMarkdown(source, places)})${instead}`;
}
