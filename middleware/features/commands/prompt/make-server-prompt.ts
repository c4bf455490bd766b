import { askForPrompts, getPrompt, type ContentsClient } from '../../mcp/contents/get-prompt.ts';
import { maxPictures, pictureOf } from '../../mcp/contents/picture-of.ts';
import { mayBePromptOf, promptHint, type PromptCommand } from '../../mcp/contents/prompt-command.ts';
import { isServerKept, keepingRule } from '../../mcp/contents/server-kept.ts';
import type { McpServers } from '../../mcp/mcp-servers.ts';
import type { OutcomePart } from '../../mcp/tool-outcome.ts';
import { describeRule } from '../../policy/rules/describe-rule.ts';
import { askText, provenanceText, trustAddText } from '../../trust/ask-text.ts';
import { holdsTexts, textsIn } from '../../trust/holds-texts.ts';
import { findProvenance } from '../../trust/provenance.ts';
import { serverAsWritten } from '../../trust/server-as-written.ts';
import { isSwitchedOff } from '../../trust/server-decision.ts';
import { subjectOfServer } from '../../trust/subject-of-server.ts';
import { visibleLine } from '../../../kernel/visible-text.ts';
import type { Environment } from '../../../platform/config/environment.ts';
import { maskSecrets } from '../../../platform/config/scopes/mask-secrets.ts';
import type { ProjectSnapshot } from '../../../platform/config/scopes/project-snapshot.ts';
import type { PromptPart } from '../../../protocol/apis/prompt-part.ts';
import { blocksOf } from '../expand/expand-command.ts';
import { splitArguments } from '../expand/split-arguments.ts';
import type { CommandCall } from '../match-command.ts';
import type { MadePrompt } from './make-prompt.ts';

export interface ServerPromptOptions {
  readonly servers: Pick<McpServers, 'use' | 'decisionOn'>;
  readonly env: Environment;
  /** For a start of the server and its answer, in milliseconds. */
  readonly maxMs: number;
}

export interface ServerPromptCall {
  readonly call: CommandCall;
  readonly project: ProjectSnapshot;
  readonly conversation: string;
  readonly signal: AbortSignal;
}

export type MadeServerPrompt =
  | { readonly kind: 'said'; readonly parts: readonly PromptPart[] }
  | Extract<MadePrompt, { readonly kind: 'refused' | 'ask' }>;

/**
 * Makes the prompt that a prompt of an MCP server stands for, called as `/mcp__server__prompt`; `undefined` where no server of
 * the project has such a name. A project's server that nobody decided about is asked for first.
 */
export function createServerPromptMaker(
  options: ServerPromptOptions,
): (asked: ServerPromptCall) => Promise<MadeServerPrompt | undefined> {
  return async (asked) => {
    const { call, project } = asked;
    const named = [...project.mcpServers.keys()].filter((server) => mayBePromptOf(server, call.name));
    const decided = await Promise.all(
      named.map(async (server) => ({ server, decision: await decisionOn(server, asked, options) })),
    );
    // `mcp__a__b__c` may be of the server `a` and of `a__b`. Those that may be used go first: none that a project
    // brings along stands before them.
    const inOrder = decided.toSorted((one, other) => rankOf(one.decision) - rankOf(other.decision));
    let refusal: MadeServerPrompt | undefined;
    for (const { server, decision } of inOrder) {
      const made = await makeAt(server, decision, asked, options);
      if (made.kind !== 'refused') return made;
      refusal ??= made;
    }
    return refusal;
  };
}

type Decision = Awaited<ReturnType<McpServers['decisionOn']>>;

async function decisionOn(
  server: string,
  { project, conversation }: ServerPromptCall,
  { servers }: ServerPromptOptions,
): Promise<Decision> {
  return isServerKept(server, project)
    ? 'denied'
    : await servers.decisionOn(server, { project, conversation });
}

function rankOf(decision: Decision): number {
  if (decision === 'allowed') return 0;
  return decision === undefined ? 1 : 2;
}

async function makeAt(
  server: string,
  decision: Decision,
  asked: ServerPromptCall,
  { servers, env, maxMs }: ServerPromptOptions,
): Promise<MadeServerPrompt> {
  const { call, project, conversation, signal } = asked;
  const place = { project, conversation };
  if (decision === 'denied') return refused(call, deniedText(server, project));
  if (decision === undefined) return await askForServer(server, asked, env);
  const client = { servers, place, signal, maxMs };
  const listed = await askForPrompts(server, client);
  if (listed.kind === 'failed') return refused(call, listed.reason);
  const command = listed.value.find(({ name }) => name === call.name);
  return command === undefined
    ? refused(call, noSuchPrompt(server, listed.value))
    : await fill(command, call, client);
}

/** What keeps a server away, and what to do about it. */
function deniedText(server: string, project: ProjectSnapshot): string {
  const rule = keepingRule(server, project);
  if (rule !== undefined)
    return `the MCP server ${server} is kept out by the ${describeRule(rule)}: take the rule out to use it`;
  return isSwitchedOff(server, project.settings)
    ? `the MCP server ${server} is switched off by disabledMcpjsonServers in the settings`
    : `the MCP server ${server} was refused: \`codex-plus trust add\` allows it`;
}

async function fill(
  command: PromptCommand,
  call: CommandCall,
  client: ContentsClient,
): Promise<MadeServerPrompt> {
  const given = splitArguments(call.args);
  // As in Claude Code: by position, words that are too many are left out.
  const missing = command.args.filter(({ isRequired }, index) => isRequired && given[index] === undefined);
  if (missing.length > 0) {
    const names = missing.map(({ name }) => name).join(', ');
    return refused(
      call,
      `missing required argument${missing.length > 1 ? 's' : ''}: ${names}. Usage: /${call.name} ${promptHint(command) ?? ''}`,
    );
  }
  const values = Object.fromEntries(
    command.args.flatMap(({ name }, index) => {
      const value = given[index];
      return value === undefined ? [] : [[name, value]];
    }),
  );
  const got = await getPrompt(command, values, client);
  if (got.kind === 'failed') return refused(call, got.reason);
  if (got.value.length === 0) return refused(call, 'the server gave no text for it');
  const [message = ''] = blocksOf(call.name, call.args, '');
  return { kind: 'said', parts: [{ kind: 'text', text: message }, ...partsOf(got.value)] };
}

function partsOf(parts: readonly OutcomePart[]): readonly PromptPart[] {
  let pictures = 0;
  return parts.map((part) => {
    if (part.kind === 'text') return part;
    const picture = pictures < maxPictures ? pictureOf(part) : undefined;
    if (picture !== undefined) pictures += 1;
    return (
      picture ?? { kind: 'text', text: `[${part.kind} of type ${visibleLine(part.mimeType, 100)} left out]` }
    );
  });
}

/** The project's own words are shown, and nothing is started before somebody read them. */
async function askForServer(
  name: string,
  { call, project, signal }: ServerPromptCall,
  env: Environment,
): Promise<MadeServerPrompt> {
  const server = project.mcpServers.get(name);
  const subject = server === undefined ? undefined : subjectOfServer(name, server, project);
  if (server === undefined || subject === undefined)
    return refused(call, `the MCP server ${name} is not allowed here`);
  const { file } = server.source;
  const { workspace } = project;
  const provenance = await findProvenance(file, {
    ...{ env, signal },
    isOf: holdsTexts(textsIn(server.written)),
  });
  const runs = JSON.stringify(maskSecrets('', serverAsWritten(server, project.settings)), null, 2);
  const what = `the MCP server ${name}, for /${call.name}`;
  return {
    kind: 'ask',
    question: askText({ what, runs, project: workspace, provenance, permissions: [] }),
    howToAllow: trustAddText(file, workspace),
    subject,
    provenance: provenanceText(provenance, workspace),
  };
}

const maxNamed = 20;

function noSuchPrompt(server: string, prompts: readonly PromptCommand[]): string {
  if (prompts.length === 0) return `the MCP server ${server} has no prompts`;
  const names = prompts.slice(0, maxNamed).map(({ name }) => `/${name}`);
  return `the MCP server ${server} has no such prompt; it has ${names.join(', ')}`;
}

function refused({ name }: CommandCall, reason: string): MadeServerPrompt {
  return { kind: 'refused', message: `/${name}: ${reason}` };
}
