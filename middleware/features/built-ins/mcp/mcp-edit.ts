import { parseArgs } from 'node:util';
import { visibleLine } from '../../../kernel/visible-text.ts';
import { splitCommand } from '../../../platform/config/split-command.ts';
import { maskSecrets } from '../../../platform/config/scopes/mask-secrets.ts';
import type { ProjectSnapshot } from '../../../platform/config/scopes/project-snapshot.ts';
import { redact } from '../../../platform/telemetry/redact.ts';
import { callSignOf } from '../../commands/help/call-sign.ts';
import type { LeftLogin } from '../../mcp/edit/left-login.ts';
import { newEntry, type EntryOptions } from '../../mcp/edit/server-entry.ts';
import { serverScopes, type ServerPlace, type ServerScope } from '../../mcp/edit/server-place.ts';
import type { BuiltInContext } from '../built-in-context.ts';
import { codeSpan } from '../code-markdown.ts';
import { isOfUser } from '../is-of-user.ts';
import { noProject } from '../no-project.ts';

/** Longer than any path may be: a path that is cut off is of no use. */
const maxPath = 4_096;
const maxReason = 500;

/**
 * `/mcp add NAME COMMAND|URL …` and `/mcp remove NAME`: one server more or less in a file of Claude Code, with the options of
 * `codex-plus mcp`.
 */
export async function mcpEdit(args: string, context: BuiltInContext): Promise<string> {
  const { exchange, snapshot } = context;
  if (exchange.caller.kind !== 'local') return 'Only whoever runs this may have MCP servers changed.\n';
  if (snapshot === undefined) return noProject(exchange);
  if (!isOfUser(exchange)) return notOfUser;
  try {
    const [action, ...words] = wordsOf(args);
    return action === 'add' ? add(words, context, snapshot) : await remove(words, context, snapshot);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return `Nothing was changed: ${redact(reason)}\n`;
  }
}

const notOfUser =
  'Nothing tells here that a user asks for it. In a terminal, `codex-plus mcp add` and `codex-plus mcp remove` change servers.\n';

function wordsOf(args: string): readonly string[] {
  const words = splitCommand(args);
  if (words === undefined) throw new Error('a quote is not closed');
  return words;
}

interface ReadWords {
  readonly positionals: readonly string[];
  readonly options: EntryOptions;
  readonly scope: ServerScope | undefined;
}

function add(words: readonly string[], context: BuiltInContext, project: ProjectSnapshot): string {
  const { positionals, options, scope = 'local' } = read(words);
  const [name, target, ...args] = positionals;
  if (name === undefined || target === undefined) return addUsage(context);
  const { transport, entry } = newEntry({ name, target, args }, options);
  const place = context.editServers.add({ name, entry, scope }, project);
  const shown = visibleLine((maskSecrets('', [target, ...args]) as readonly string[]).join(' '), 1_000);
  const sign = callSignOf(context.exchange);
  const next =
    scope === 'project'
      ? 'It is used once you allow it: `codex-plus trust add`.'
      : `It counts from the next prompt on; ${codeSpan(`${sign}mcp ${name}`)} shows what it offers.`;
  return `Added the ${transport} server ${codeSpan(name)} (${codeSpan(shown, 1_000)}) to ${placeText(place)}. ${next}\n`;
}

async function remove(
  words: readonly string[],
  context: BuiltInContext,
  project: ProjectSnapshot,
): Promise<string> {
  const { positionals, options, scope } = read(words);
  const [name, ...others] = positionals;
  const isUsable = others.length === 0 && Object.keys(options).length === 0;
  const call = `${callSignOf(context.exchange)}mcp remove`;
  if (name === undefined || !isUsable)
    return `Usage: ${codeSpan(`${call} NAME [--scope ${serverScopes.join('|')}]`)}\n`;
  const all = context.editServers.placesOf(name, project);
  const [place, ...more] = scope === undefined ? all : all.filter((one) => one.scope === scope);
  const shown = codeSpan(name);
  if (place === undefined) {
    const where =
      scope === undefined ? 'No file of yours or of the project has' : `Nothing of scope ${scope} has`;
    return `${where} an MCP server ${shown}.\n`;
  }
  if (more.length > 0 && scope === undefined) {
    const lines = [place, ...more].map(
      (one) => `- ${codeSpan(`${call} ${name} --scope ${one.scope}`)}: ${codeSpan(one.file, maxPath)}`,
    );
    return `Several scopes have ${shown}; say which:\n\n${lines.join('\n')}\n`;
  }
  const login = await context.editServers.remove(name, place, project);
  const left = more.map((one) => ` ${placeText(one)} still has one of this name.`).join('');
  return `Removed ${shown} from ${placeText(place)}.${left}${loginText(login)}\n`;
}

function loginText(login: LeftLogin | undefined): string {
  if (login === undefined) return '';
  if (login.kind === 'used')
    return ' You stay signed in there, as another server of yours uses the same login.';
  const { notTaken } = login;
  const longer =
    notTaken === undefined
      ? ''
      : ` Its authorization server did not take the login back, where it may be good for longer: ${codeSpan(notTaken, maxReason)}`;
  return ` You are signed out there.${longer}`;
}

function placeText({ file, project }: ServerPlace): string {
  const about = project === undefined ? '' : `, for ${codeSpan(project, maxPath)}`;
  return `${codeSpan(file, maxPath)}${about}`;
}

function addUsage({ exchange }: BuiltInContext): string {
  const call = `${callSignOf(exchange)}mcp add`;
  const calls = [
    `${call} NAME [-e KEY=value] [--scope ${serverScopes.join('|')}] -- COMMAND [ARGS…]`,
    `${call} NAME URL [--transport http|sse] [--header "Name: value"] [--client-id ID] [--callback-port PORT]`,
  ];
  const lines = calls.map((one) => `- ${codeSpan(one)}`).join('\n');
  return `Usage:\n\n${lines}\n\n\`-e\` and \`--header\` take all words up to the next option or \`--\`, so NAME goes before them.\n`;
}

const many = { type: 'string', multiple: true } as const;
const one = { type: 'string' } as const;

/** The words as `codex-plus mcp` reads them. Throws for what is no option of it. */
function read(words: readonly string[]): ReadWords {
  const { positionals, values } = parseArgs({
    args: withEachFlag(words),
    allowPositionals: true,
    options: {
      transport: { ...one, short: 't' },
      env: { ...many, short: 'e' },
      header: { ...many, short: 'H' },
      scope: { ...one, short: 's' },
      'client-id': one,
      'callback-port': one,
    },
  });
  const { scope, transport, env, header, 'client-id': clientId, 'callback-port': callbackPort } = values;
  if (scope !== undefined && !isScope(scope)) throw new Error(`--scope is ${serverScopes.join(', ')}`);
  const options = {
    ...(transport !== undefined && { transport }),
    ...(env !== undefined && { env }),
    ...(header !== undefined && { header }),
    ...(clientId !== undefined && { clientId }),
    ...(callbackPort !== undefined && { callbackPort }),
  };
  return { positionals, options, scope };
}

/** `-e A=1 B=2` is `-e A=1 -e B=2`: the options that take several values end at the next one. */
function withEachFlag(words: readonly string[]): string[] {
  const end = words.includes('--') ? words.indexOf('--') : words.length;
  let flag: string | undefined;
  const spelled = words.slice(0, end).flatMap((word, index) => {
    if (word.startsWith('-')) {
      flag = /^(?:-e|--env|-H|--header)$/.test(word) ? word : undefined;
      return [word];
    }
    const isFirst = words[index - 1] === flag;
    return flag === undefined || isFirst ? [word] : [flag, word];
  });
  return [...spelled, ...words.slice(end)];
}

function isScope(scope: string): scope is ServerScope {
  return (serverScopes as readonly string[]).includes(scope);
}
