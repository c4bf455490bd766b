import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { Connection, Forwarding } from '../../../middleware/features/mcp/connection.ts';
import { Logins } from '../../../middleware/features/mcp/login/logins.ts';
import { McpFailure } from '../../../middleware/features/mcp/mcp-failure.ts';
import type { McpPlace } from '../../../middleware/features/mcp/access/server-access.ts';
import { createMcpServers } from '../../../middleware/features/mcp/mcp-servers.ts';
import { poolLimits } from '../../../middleware/features/mcp/pool/pool-limits.ts';
import { ServerPool } from '../../../middleware/features/mcp/pool/server-pool.ts';
import { isJsonObject, parseJsonObject, type JsonObject } from '../../../middleware/kernel/json-object.ts';
import { makeSnapshot } from '../../../middleware/platform/config/scopes/project-snapshot.ts';
import { collectedLog } from '../collected-log.ts';
import { browse } from './browse.ts';

// The client that the conformance suite of MCP runs against its own servers: our pool, our connections and our logins, with
// a user who says yes to everything. The suite puts the server's address behind the command, and what it wants into variables.
const serverUrl = process.argv.at(-1) ?? '';
const scenario = process.env['MCP_CONFORMANCE_SCENARIO'] ?? '';
const context = parseJsonObject(process.env['MCP_CONFORMANCE_CONTEXT'] ?? '{}') ?? {};

/** More than one for the first login, one for more rights, and one for another server that is to be signed in at. */
const maxLogins = 3;
const abilities = { elicitation: { form: {} } };
const never = new AbortController().signal;
const folder = mkdtempSync(join(tmpdir(), 'conformance-'));
const { log, lines } = collectedLog();
const logins = new Logins({ stateDir: folder, log, now: () => new Date() });
const pool = new ServerPool({
  ...{ log, logins, version: '0.1.0' },
  now: () => performance.now(),
  limits: { ...poolLimits, backOffMs: 0 },
});
const servers = createMcpServers({
  ...{ pool, logins, pins: undefined },
  trust: { decisionOn: () => Promise.resolve('allowed') },
  env: { PATH: process.env['PATH'] ?? '' },
});

const caller: Forwarding = {
  ...{ client: 'suite', abilities, logLevel: undefined, signal: never },
  ask: (question) => Promise.resolve(answerTo(question)),
  onLog: () => undefined,
};

try {
  await workSigningIn();
} catch (error) {
  process.stderr.write(
    `${error instanceof Error ? (error.stack ?? '') : String(error)}\n${JSON.stringify(lines)}\n`,
  );
  process.exitCode = 1;
} finally {
  await servers.close();
  rmSync(folder, { recursive: true, force: true });
}

async function workSigningIn(): Promise<void> {
  for (let times = 0; ; times += 1) {
    try {
      await servers.use(
        { server: 'one', what: 'the scenario', signal: never, abilities, work: useAll },
        place(),
      );
      return;
    } catch (error) {
      if (!(error instanceof McpFailure) || error.kind !== 'login' || times >= maxLogins) throw error;
    }
    const waiting = await servers.logins.begin('one', place(), never);
    await browse(waiting.link);
    await waiting.done;
  }
}

function place(): McpPlace {
  const source = {
    scope: 'user',
    family: 'claude',
    file: join(folder, '.claude.json'),
    baseDir: folder,
  } as const;
  const project = makeSnapshot(
    {
      ...{ workspace: folder, home: folder, settings: [], commandFolders: [], problems: [] },
      mcpServers: [{ source, servers: { one: { type: 'http', url: serverUrl, oauth: oauthEntry() } } }],
    },
    'v',
    {},
  );
  return { project, conversation: 'c' };
}

function oauthEntry(): JsonObject {
  const { client_id: clientId, client_secret: clientSecret, private_key_pem: privateKey } = context;
  if (scenario.startsWith('auth/client-credentials'))
    return {
      ...{ grant: 'client_credentials', clientId },
      ...(privateKey === undefined
        ? { clientSecret }
        : { privateKey, algorithm: context['signing_algorithm'] }),
    };
  if (clientId !== undefined) return { clientId, ...(clientSecret !== undefined && { clientSecret }) };
  return { clientMetadataUrl: 'https://conformance-test.local/client-metadata.json' };
}

async function useAll(connection: Connection): Promise<void> {
  const tools = await connection.tools(never);
  if (scenario === 'json-schema-ref-no-deref') return;
  const { toolCalls } = context;
  const calls: readonly (readonly [name: string, input: unknown])[] = Array.isArray(toolCalls)
    ? (toolCalls as readonly JsonObject[]).map(({ name, arguments: input }) => [String(name), input])
    : tools.map(({ name }) => [name, inputFor(name, tools)]);
  for (const [name, input] of calls) {
    try {
      await callAnswering(connection, { name, arguments: input });
    } catch (error) {
      // A server of the suite leaves out what the protocol wants, to see that nobody asks again for it.
      if (
        scenario !== 'sep-2322-client-request-state' ||
        !String(error).includes('missing required resultType')
      )
        throw error;
    }
  }
}

/** One tool of the suite wants to see the schema of the other as it arrived. */
function inputFor(name: string, tools: Awaited<ReturnType<Connection['tools']>>): JsonObject {
  if (name !== 'json_schema_echo') return { a: 2, b: 3 };
  return { schema: tools.find((tool) => tool.name !== name)?.inputSchema };
}

/** Calls a tool, and again with the answers to what it wants to know. */
async function callAnswering(connection: Connection, params: JsonObject): Promise<void> {
  let sent = params;
  for (let rounds = 0; rounds < 5; rounds += 1) {
    const result: unknown = await connection.forward('tools/call', sent, caller);
    if (!isJsonObject(result) || result['resultType'] !== 'input_required') return;
    const { inputRequests, requestState } = result;
    const questions = isJsonObject(inputRequests) ? Object.entries(inputRequests) : [];
    sent = {
      ...params,
      inputResponses: Object.fromEntries(questions.map(([key, question]) => [key, answerTo(question)])),
      ...(requestState !== undefined && { requestState }),
    };
  }
}

/** A user who says yes, and changes nothing of what a form has already. */
function answerTo(question: unknown): JsonObject {
  const params = isJsonObject(question) ? question['params'] : undefined;
  const schema = isJsonObject(params) ? params['requestedSchema'] : undefined;
  const fields = isJsonObject(schema) && isJsonObject(schema['properties']) ? schema['properties'] : {};
  if (isDeepStrictEqual(Object.keys(fields), ['confirmed']))
    return { action: 'accept', content: { confirmed: true } };
  const defaults = Object.entries(fields).flatMap(([name, field]) =>
    isJsonObject(field) && field['default'] !== undefined ? [[name, field['default']] as const] : [],
  );
  return { action: 'accept', content: Object.fromEntries(defaults) };
}
