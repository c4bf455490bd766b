import {
  acceptedContent,
  fromJsonSchema,
  inputRequired,
  McpServer,
  ResourceTemplate,
  type ServerContext,
} from '@modelcontextprotocol/server';
import { serveStdio, StdioServerTransport } from '@modelcontextprotocol/server/stdio';
import { addTools, form, png, states, text } from './conformance-tools.ts';

// What the official conformance suite wants of a server, by the names that it has there. With `old` as the first argument it
// speaks the protocol up to 2025-11-25 only.

const [era = 'both'] = process.argv.slice(2);

const schemaTool = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  type: 'object' as const,
  $defs: {
    address: {
      $anchor: 'addressDef',
      type: 'object',
      properties: { street: { type: 'string' }, city: { type: 'string' } },
    },
  },
  properties: {
    name: { type: 'string' },
    address: { $ref: '#/$defs/address' },
    contactMethod: { type: 'string', enum: ['phone', 'email'] },
    phone: { type: 'string' },
    email: { type: 'string' },
  },
  allOf: [{ anyOf: [{ required: ['phone'] }, { required: ['email'] }] }],
  if: { properties: { contactMethod: { const: 'phone' } }, required: ['contactMethod'] },
  then: { required: ['phone'] },
  else: { required: ['email'] },
  additionalProperties: false,
};

function addSchemaTool(mcp: McpServer): void {
  mcp.registerTool(
    'json_schema_2020_12_tool',
    { description: 'Has a schema of 2020-12.', inputSchema: fromJsonSchema(schemaTool) },
    () => text('It was valid.'),
  );
}

function addResources(mcp: McpServer): void {
  const add = (name: string, mimeType: string, held: { text: string } | { blob: string }): void => {
    const uri = `test://${name}`;
    mcp.registerResource(name, uri, { description: `What ${name} is.`, mimeType }, () => ({
      contents: [{ uri, mimeType, ...held }],
    }));
  };
  add('static-text', 'text/plain', { text: 'This is the content of the static text resource.' });
  add('static-binary', 'image/png', { blob: png });
  add('watched-resource', 'text/plain', { text: 'Watch this.' });
  mcp.registerResource(
    'template',
    new ResourceTemplate('test://template/{id}/data', { list: undefined }),
    { description: 'What has an id.', mimeType: 'application/json' },
    (uri, { id }) => ({
      contents: [
        {
          uri: uri.href,
          mimeType: 'application/json',
          text: JSON.stringify({ id, templateTest: true, data: `Data for ID: ${String(id)}` }),
        },
      ],
    }),
  );
  const { server } = mcp;
  server.registerCapabilities({
    resources: { subscribe: true, listChanged: true },
    completions: {},
    logging: {},
  });
  server.setRequestHandler('resources/subscribe', () => ({}));
  server.setRequestHandler('resources/unsubscribe', () => ({}));
  server.setRequestHandler('completion/complete', ({ params: { argument } }) => {
    const values = ['paris', 'park', 'party'].filter((value) => value.startsWith(argument.value));
    return { completion: { values, total: values.length, hasMore: false } };
  });
}

function addPrompts(mcp: McpServer): void {
  const said = (words: string) => ({
    role: 'user' as const,
    content: { type: 'text' as const, text: words },
  });
  const texts = (...names: string[]) =>
    fromJsonSchema<Record<string, string>>({
      type: 'object',
      properties: Object.fromEntries(names.map((name) => [name, { type: 'string', description: name }])),
      required: names,
    });
  mcp.registerPrompt('test_simple_prompt', { description: 'Says one thing.' }, () => ({
    messages: [said('This is a simple prompt for testing.')],
  }));
  mcp.registerPrompt(
    'test_prompt_with_arguments',
    { description: 'Says what it is given.', argsSchema: texts('arg1', 'arg2') },
    ({ arg1 = '', arg2 = '' }) => ({
      messages: [said(`Prompt with arguments: arg1='${arg1}', arg2='${arg2}'`)],
    }),
  );
  mcp.registerPrompt(
    'test_prompt_with_embedded_resource',
    { description: 'Holds a resource.', argsSchema: texts('resourceUri') },
    ({ resourceUri = '' }) => ({
      messages: [
        {
          role: 'user' as const,
          content: {
            type: 'resource' as const,
            resource: {
              uri: resourceUri,
              mimeType: 'text/plain',
              text: 'Embedded resource content for testing.',
            },
          },
        },
        said('Please process the embedded resource above.'),
      ],
    }),
  );
  mcp.registerPrompt('test_prompt_with_image', { description: 'Holds an image.' }, () => ({
    messages: [
      { role: 'user' as const, content: { type: 'image' as const, data: png, mimeType: 'image/png' } },
      said('Please analyze the image above.'),
    ],
  }));
  mcp.registerPrompt(
    'test_input_required_result_prompt',
    { description: 'Asks first.' },
    (ctx: ServerContext) => {
      const { context } =
        acceptedContent<{ context?: unknown }>(ctx.mcpReq.inputResponses, 'user_context') ?? {};
      if (typeof context === 'string') return { messages: [said(`In the context of ${context}`)] };
      const question = form('What context should the prompt use?', { context: { type: 'string' } }, [
        'context',
      ]);
      return inputRequired({ inputRequests: { user_context: question } });
    },
  );
}

function createServer(): McpServer {
  const mcp = new McpServer(
    { name: 'conformance', version: '1.0.0' },
    { requestState: { verify: (state, ctx) => states.verify(state, ctx) } },
  );
  addResources(mcp);
  addTools(mcp);
  addSchemaTool(mcp);
  addPrompts(mcp);
  return mcp;
}

if (era === 'old') await createServer().connect(new StdioServerTransport());
else serveStdio(createServer);
