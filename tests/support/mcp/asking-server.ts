import {
  CLIENT_CAPABILITIES_META_KEY,
  createRequestStateCodec,
  fromJsonSchema,
  inputRequired,
  McpServer,
  UrlElicitationRequiredError,
  type ElicitRequestFormParams,
  type ElicitRequestURLParams,
  type InputRequest,
} from '@modelcontextprotocol/server';
import { serveStdio, StdioServerTransport } from '@modelcontextprotocol/server/stdio';

// An MCP server whose tools ask the user or the model: by its first argument of the newer protocol or of the older one.
const [era = 'new'] = process.argv.slice(2);

type Sampling = Parameters<typeof inputRequired.createMessage>[0];
type Question = ElicitRequestFormParams | ElicitRequestURLParams | Sampling;

interface Asked {
  /** The questions that it puts to the user or to the model, one behind the other. */
  readonly questions?: readonly Question[];
  /** All at once, which only one of the older protocol does here. */
  readonly atOnce?: boolean;
}

const anything = fromJsonSchema<Asked>({ type: 'object' });
const states = createRequestStateCodec<{ readonly said: readonly unknown[] }>({ key: 'k'.repeat(32) });
const text = (value: string) => ({ content: [{ type: 'text' as const, text: value }] });

/** As few servers have it, and all of the older protocol may: whatever is asked for goes out as it is. */
async function askInCall(
  { server }: McpServer,
  questions: readonly Question[],
  atOnce: boolean,
): Promise<string> {
  const ask = (params: Question) =>
    'messages' in params
      ? server.request({ method: 'sampling/createMessage', params }).catch(String)
      : server.request({ method: 'elicitation/create', params });
  if (atOnce) return JSON.stringify(await Promise.all(questions.map(ask)));
  const said: unknown[] = [];
  for (const params of questions) said.push(await ask(params));
  return JSON.stringify(said);
}

function asInput(params: Question): InputRequest {
  if ('messages' in params) return inputRequired.createMessage(params);
  return 'url' in params ? inputRequired.elicitUrl(params) : inputRequired.elicit(params);
}

function createServer(): McpServer {
  const server = new McpServer(
    { name: 'asking', version: '1.0.0' },
    { requestState: { verify: (state, ctx) => states.verify(state, ctx) } },
  );
  server.registerTool(
    'ask',
    { description: 'Asks the user.', inputSchema: anything },
    async ({ questions = [], atOnce = false }, { mcpReq }) => {
      if (era === 'old') return text(await askInCall(server, questions, atOnce));
      const { said = [] } = mcpReq.requestState<{ readonly said: readonly unknown[] }>() ?? {};
      const answer = mcpReq.inputResponses?.['user'];
      const all = answer === undefined ? said : [...said, answer];
      const next = questions[all.length];
      if (next === undefined) return text(JSON.stringify(all));
      return inputRequired({
        inputRequests: { user: asInput(next) },
        requestState: await states.mint({ said: all }),
      });
    },
  );
  server.registerTool(
    'abilities',
    { description: 'What it may ask.', inputSchema: anything },
    (_input, { mcpReq }) => {
      const envelope: Readonly<Record<string, unknown>> | undefined = mcpReq.envelope;
      // eslint-disable-next-line @typescript-eslint/no-deprecated -- Clients of the older protocol say it so.
      const abilities = envelope?.[CLIENT_CAPABILITIES_META_KEY] ?? server.server.getClientCapabilities();
      return text(
        Object.keys(abilities ?? {})
          .sort()
          .join(' '),
      );
    },
  );
  server.registerTool(
    'later',
    { description: 'Takes two steps.', inputSchema: anything },
    async (_input, ctx) => {
      if (ctx.mcpReq.requestState() !== undefined) return text('it is done');
      return inputRequired({ requestState: await states.mint({ said: [] }) });
    },
  );
  let calls = 0;
  server.registerTool('sign-in', { description: 'Wants a login.', inputSchema: anything }, () => {
    calls += 1;
    if (calls > 1) return text('signed in');
    throw new UrlElicitationRequiredError([
      { mode: 'url', message: 'Please sign in.', url: 'https://login.example/', elicitationId: '1' },
    ]);
  });
  server.registerTool('crash', { description: 'Ends it.', inputSchema: anything }, () => {
    process.exit(3);
  });
  return server;
}

if (era === 'old') await createServer().connect(new StdioServerTransport());
else serveStdio(createServer);
