import { untestedCodex } from '../clients/untested-codex.ts';
import type { Client } from '../../kernel/exchange.ts';
import { callSignOf } from '../commands/help/call-sign.ts';
import { codecOf } from '../../protocol/apis/codec-of.ts';
import { servedModel } from '../../protocol/app-server/served-models.ts';
import { classifyCredential } from '../../protocol/credential.ts';
import { amountText } from './amount-text.ts';
import type { BuiltInContext } from './built-in-context.ts';
import { codeSpan } from './code-markdown.ts';
import { statusLines } from './mcp/status-lines.ts';
import { objectAt, objectsAt, textAt, type Health } from './health-members.ts';
import { tierLines } from './tier-lines.ts';
import { usageLine } from './usage-line.ts';

/** `/status`: how the tiers and the MCP servers are, where this request would go, and which clients came by. */
export async function status(args: string, context: BuiltInContext): Promise<string> {
  if (args !== '') return usageLine('status', context);
  const health = context.health();
  const { exchange, version } = context;
  const seen = objectsAt(health, 'clients').map(clientLine);
  const warning = warningFor(exchange.client, version.testedCodexVersions);
  const servers = await statusLines(context);
  return [
    `## Codex-Plus ${version.version}`,
    tierLines(health).join('\n'),
    '## This request',
    requestLines(context, health).join('\n'),
    ...(warning === undefined ? [] : [`**Warning:** ${warning}.`]),
    ...(servers.length === 0 ? [] : ['## MCP servers', servers.join('\n')]),
    ...(seen.length === 0 ? [] : ['## Clients seen since the start', seen.join('\n')]),
  ]
    .join('\n\n')
    .concat('\n');
}

function clientLine(client: Health): string {
  const note = client['tested'] === false ? ' (not tested with this release)' : '';
  return `- ${textAt(client, 'kind') ?? 'unknown'} ${textAt(client, 'version') ?? ''}${note}`;
}

function requestLines({ exchange, session, snapshot }: BuiltInContext, health: Health): readonly string[] {
  const { request, client } = exchange;
  const { model, stream } = request.head;
  const problems = snapshot?.problems.length ?? 0;
  return [
    `- Model: ${model === undefined ? 'none named' : codeSpan(model)}`,
    `- API: ${codecOf(request.api).name}${stream ? ', streamed' : ''}`,
    `- Route: ${routeText(exchange, health)}`,
    `- Client: ${client.kind === 'other' ? 'not known by name' : `${client.kind} ${client.version ?? ''}`.trim()}`,
    `- Session: ${codeSpan(session)}`,
    `- Folder: ${folderText(exchange, snapshot)}`,
    ...(problems === 0
      ? []
      : [
          `- Configuration: ${amountText(problems, 'problem')}, see ${codeSpan(`${callSignOf(exchange)}plus status`)}`,
        ]),
  ];
}

/** Nobody hears of a path of this machine who did not say it. */
function folderText({ request }: BuiltInContext['exchange'], snapshot: BuiltInContext['snapshot']): string {
  if (snapshot === undefined) return 'none';
  const { workspace } = snapshot;
  const isSaid = request.json.includes(workspace) || request.headers.some((text) => text.includes(workspace));
  return isSaid ? codeSpan(workspace) : 'one of this machine';
}

/** As the router chooses: Codex has names of its own, else the credential decides. */
function routeText({ request }: BuiltInContext['exchange'], health: Health): string {
  if (isServedByCodex(request.head.model, health)) return 'Codex itself';
  const credential = classifyCredential(request.headers);
  if (credential.kind === 'refused') return `none: ${credential.reason}`;
  if (credential.kind === 'chatgpt') {
    return objectAt(health, 'chatgpt')['enabled'] === true
      ? 'ChatGPT backend'
      : 'none: this is a ChatGPT login, and the ChatGPT route is switched off';
  }
  const litellm = objectAt(health, 'litellm');
  const isUp = ['ready', 'reloading'].includes(textAt(litellm, 'state') ?? '');
  return isUp && litellm['breaker'] !== 'open'
    ? 'LiteLLM'
    : 'the provider itself, for as long as LiteLLM takes no calls';
}

/** Health tells of its workers where it is a model here. */
function isServedByCodex(model: string | undefined, health: Health): boolean {
  return model !== undefined && servedModel(model) !== undefined && health['codex'] !== undefined;
}

function warningFor({ kind, version }: Client, testedVersions: readonly string[]): string | undefined {
  if (kind !== 'codex' || version === undefined) return undefined;
  return untestedCodex(version, testedVersions)?.message;
}
