import type { JsonObject } from '../../../kernel/json-object.ts';
import { nameOf } from '../failure-of.ts';
import type { McpServers } from '../mcp-servers.ts';
import { permissionAsker } from './ask-permission.ts';
import type { GuardedCall } from './call-guard.ts';
import type { DecidedCalls, ResentCall } from './decided-calls.ts';
import type { GatewayClient, RequestParts } from './forward-request.ts';

/** What a call runs with, as hooks know it, and its client as of then; or why it does not run. */
type Decision =
  | { readonly id: string; readonly input: JsonObject; readonly client: GatewayClient }
  | { readonly refused: string };

interface DecideOptions {
  readonly servers: Pick<McpServers, 'launchKey'>;
  readonly decided: DecidedCalls;
}

/**
 * Whether a call may run. What its user said yes to, and what was decided before its server asked something, is not asked
 * again; but an answer may take long, so that rules and the server itself are looked at as they are configured by then.
 */
export async function decideGatewayCall(
  sent: ResentCall,
  { request, client, running }: RequestParts,
  { servers, decided }: DecideOptions,
): Promise<Decision> {
  const { server, tool, input } = sent;
  const isAgain = request.answers !== undefined || request.state !== undefined;
  const known = isAgain ? decided.take(sent) : undefined;
  if (known !== undefined) {
    const call = { id: known.id, server, tool, input: known.input ?? input };
    const refused = refusalNow(call, { client, launch: known.launch, servers });
    return refused === undefined ? { ...call, client } : { refused };
  }
  const { signal } = running;
  const launch = servers.launchKey(server, client.place.project);
  let by = client;
  const ask = permissionAsker(client.abilities, (question) => running.ask(question, signal), signal);
  const call = { id: running.id, server, tool, input };
  const before = await client.guard.before(call, {
    ...{ signal, ask },
    lookAgain: async (changed) => {
      const now = await client.now();
      if (now === undefined) return 'The folder that this call is about may not be used any more.';
      by = { ...client, ...now };
      return refusalNow({ ...call, input: changed }, { client: by, launch, servers });
    },
  });
  return 'refused' in before ? before : { id: call.id, input: before.input, client: by };
}

interface Now extends Pick<DecideOptions, 'servers'> {
  readonly client: GatewayClient;
  /** How its server was started or reached when it was allowed. */
  readonly launch: string | undefined;
}

/** A server that is gone, or may not be used, says so itself. */
function refusalNow(call: GuardedCall, { client, launch, servers }: Now): string | undefined {
  const { guard, place } = client;
  const now = servers.launchKey(call.server, place.project);
  return now === undefined || now === launch
    ? guard.denial(call)
    : `The ${nameOf(call.server)} was configured in another way since this call was allowed. Make the call again.`;
}
