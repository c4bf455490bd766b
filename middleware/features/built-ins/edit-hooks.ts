import { parseArgs } from 'node:util';
import { splitArguments } from '../commands/expand/split-arguments.ts';
import { labelOf } from '../hooks/config/hook-entry.ts';
import { hookEvents, isHookEvent } from '../hooks/hook-event.ts';
import { hooksInOrder } from '../hooks/run/hooks-in-order.ts';
import { closestName } from '../../platform/config/closest-name.ts';
import type { BuiltInContext, HookToAdd } from './built-in-context.ts';
import { codeSpan } from './code-markdown.ts';
import { isOfUser } from './is-of-user.ts';
import { noProject } from './no-project.ts';
import { callSignOf } from '../commands/help/call-sign.ts';
import { usageLine } from './usage-line.ts';

/** `/hooks add EVENT 'COMMAND'` and `/hooks remove N`: one hook more or less in a settings file. */
export function editHooks(args: string, context: BuiltInContext): string {
  const { exchange, snapshot } = context;
  if (exchange.caller.kind !== 'local') return 'Only whoever runs this may have hooks changed.\n';
  if (snapshot === undefined) return noProject(exchange);
  const [action, ...words] = splitArguments(args);
  if (action !== 'add' && action !== 'remove') return usage(context);
  if (!isOfUser(exchange)) return notOfUser;
  try {
    return action === 'add' ? add(words, context, snapshot) : remove(words, context);
  } catch (error) {
    return `Nothing was changed: ${error instanceof Error ? error.message : String(error)}\n`;
  }
}

const notOfUser =
  'Nothing tells here that a user asks for it. In a terminal, `codex-plus hooks add` and `codex-plus hooks remove` change hooks.\n';

function usage(context: BuiltInContext): string {
  return `${usageLine('hooks', context)}\nadd takes \`--matcher M\`, \`--timeout SECONDS\` and \`--scope user|project|local\` as well.\n`;
}

type Snapshot = NonNullable<BuiltInContext['snapshot']>;

function add(words: readonly string[], context: BuiltInContext, snapshot: Snapshot): string {
  const hook = hookIn(words, context);
  if (typeof hook === 'string') return hook;
  const { file, isNew } = context.editHooks.add(hook, snapshot);
  const place = codeSpan(file, maxPath);
  if (!isNew) return `${place} has this hook already.\n`;
  const waits = hook.scope === 'user' ? '' : ' You are asked before it first runs.';
  return `Wrote it into ${place}. It counts from the next prompt on.${waits}\n`;
}

function remove(words: readonly string[], context: BuiltInContext): string {
  const { editHooks: editor, hooks, exchange } = context;
  const [number = '', ...others] = words;
  if (!/^[1-9]\d*$/.test(number) || others.length > 0) return usage(context);
  const entry = hooksInOrder(hooks.entries)[Number(number) - 1];
  if (entry === undefined)
    return `There is no hook ${number}; \`${callSignOf(exchange)}hooks\` shows them.\n`;
  editor.remove(entry);
  const place = codeSpan(entry.source.file, maxPath);
  return `Removed ${entry.event} ${codeSpan(labelOf(entry.handler))} from ${place}.\n`;
}

/** Longer than any path may be: a path that is cut off is of no use. */
const maxPath = 4_096;

const scopes: readonly string[] = ['user', 'project', 'local'] satisfies readonly HookToAdd['scope'][];

/** The hook that the words describe, or what is wrong with them. */
function hookIn(words: readonly string[], context: BuiltInContext): HookToAdd | string {
  const { positionals, values } = parseArgs({
    args: [...words],
    allowPositionals: true,
    options: {
      matcher: { type: 'string' },
      timeout: { type: 'string' },
      scope: { type: 'string', default: 'user' },
    },
  });
  const [event = '', command, ...others] = positionals;
  const { matcher, timeout, scope } = values;
  if (command === undefined || others.length > 0 || !isScope(scope)) return usage(context);
  if (!isHookEvent(event)) {
    const closest = closestName(event, hookEvents);
    return `${codeSpan(event)} is no event${closest === undefined ? '' : `; did you mean ${codeSpan(closest)}`}.\n`;
  }
  const timeoutSeconds = timeout === undefined ? undefined : Number(timeout);
  if (timeoutSeconds !== undefined && !(timeoutSeconds > 0 && Number.isFinite(timeoutSeconds))) {
    return 'The time limit is a number of seconds above 0.\n';
  }
  return { event, command, matcher, timeoutSeconds, scope };
}

function isScope(scope: string): scope is HookToAdd['scope'] {
  return scopes.includes(scope);
}
