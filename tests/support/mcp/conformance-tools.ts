import { setTimeout as sleep } from 'node:timers/promises';
import {
  acceptedContent,
  CLIENT_CAPABILITIES_META_KEY,
  createRequestStateCodec,
  fromJsonSchema,
  inputRequired,
  type CallToolResult,
  type ContentBlock,
  type InputRequiredResult,
  type McpServer,
  type ServerContext,
} from '@modelcontextprotocol/server';

/** A red pixel, and nothing to hear. */
export const png =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg==';
const wav = 'UklGRiYAAABXQVZFZm10IBAAAAABAAEAQB8AAAB9AAACABAAZGF0YQIAAAA=';

/** What goes to the client and back is signed. */
export const states = createRequestStateCodec<{ readonly step: number }>({ key: 'k'.repeat(32) });
const anything = fromJsonSchema<Record<string, unknown>>({ type: 'object' });

type Input = Record<string, unknown>;
type Result = CallToolResult | InputRequiredResult;
type Tool = (input: Input, ctx: ServerContext) => Result | Promise<Result>;

function content(...blocks: ContentBlock[]): CallToolResult {
  return { content: blocks };
}

export function text(said: string): CallToolResult {
  return content({ type: 'text', text: said });
}

/** A form for the user. */
export function form(
  message: string,
  properties: Readonly<Record<string, object>>,
  required: readonly string[] = [],
) {
  return inputRequired.elicit({
    message,
    requestedSchema: {
      type: 'object',
      properties,
      ...(required.length > 0 && { required: [...required] }),
    } as never,
  });
}

function answerIn({ mcpReq: { inputResponses } }: ServerContext, key: string): unknown {
  return inputResponses !== undefined && Object.hasOwn(inputResponses, key) ? inputResponses[key] : undefined;
}

/** Asks one question; what comes of the answer is the text of the result. */
function asking(
  key: string,
  question: (input: Input) => ReturnType<typeof form>,
  told: (answer: Readonly<Record<string, unknown>>, ctx: ServerContext) => string | undefined,
): Tool {
  return (input, ctx) => {
    const answer = answerIn(ctx, key);
    const said =
      typeof answer === 'object' && answer !== null
        ? told(answer as Readonly<Record<string, unknown>>, ctx)
        : undefined;
    return said === undefined ? inputRequired({ inputRequests: { [key]: question(input) } }) : text(said);
  };
}

function sample(prompt: string) {
  return inputRequired.createMessage({
    messages: [{ role: 'user', content: { type: 'text', text: prompt } }],
    maxTokens: 100,
  });
}

function elicited(answer: Readonly<Record<string, unknown>>): string {
  const { action, content: given = {} } = answer;
  return `Elicitation completed: action=${String(action)}, content=${JSON.stringify(given)}`;
}

const nameForm = () => form('What is your name?', { name: { type: 'string' } }, ['name']);
const confirmForm = () => form('Please confirm', { ok: { type: 'boolean' } }, ['ok']);

function nameOf(ctx: ServerContext, key: string): string | undefined {
  const { name } = acceptedContent<{ name?: unknown }>(ctx.mcpReq.inputResponses, key) ?? {};
  return typeof name === 'string' ? name : undefined;
}

let [begun, givenUp] = [0, 0];

const plain: Readonly<Record<string, Tool>> = {
  test_simple_text: () => text('This is a simple text response for testing.'),
  test_image_content: () => content({ type: 'image', data: png, mimeType: 'image/png' }),
  test_audio_content: () => content({ type: 'audio', data: wav, mimeType: 'audio/wav' }),
  test_embedded_resource: () =>
    content({
      type: 'resource',
      resource: {
        uri: 'test://embedded-resource',
        mimeType: 'text/plain',
        text: 'This is an embedded resource content.',
      },
    }),
  test_multiple_content_types: () =>
    content(
      { type: 'text', text: 'Multiple content types test:' },
      { type: 'image', data: png, mimeType: 'image/png' },
      {
        type: 'resource',
        resource: {
          uri: 'test://mixed-content-resource',
          mimeType: 'application/json',
          text: JSON.stringify({ test: 'data', value: 123 }),
        },
      },
    ),
  test_error_handling: () => ({
    ...text('This tool intentionally returns an error for testing'),
    isError: true,
  }),
  test_tool_with_logging: async (_input, { mcpReq }) => {
    for (const said of ['Tool execution started', 'Tool processing data', 'Tool execution completed']) {
      // eslint-disable-next-line @typescript-eslint/no-deprecated -- It is what the suite asks for.
      await mcpReq.log('info', said);
      await sleep(50);
    }
    return text('It ran, and said so.');
  },
  test_logging_tool: async (_input, { mcpReq }) => {
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- It is what the suite asks for.
    await mcpReq.log('info', 'a line');
    return text('It ran.');
  },
  test_tool_with_progress: async (_input, { mcpReq }) => {
    const { progressToken } = mcpReq._meta ?? {};
    for (const progress of [0, 50, 100]) {
      if (progressToken !== undefined)
        await mcpReq.notify({
          method: 'notifications/progress',
          params: { progressToken, progress, total: 100, message: `${progress} of 100` },
        });
      await sleep(50);
    }
    return text('It ran to its end.');
  },
  // For whether a server is told that a call was given up.
  wait_for_ever: (_input, { mcpReq: { signal } }) =>
    new Promise<never>((_resolve, reject) => {
      begun += 1;
      signal.addEventListener('abort', () => {
        givenUp += 1;
        reject(new Error('it was given up'));
      });
    }),
  begun: () => text(String(begun)),
  given_up: () => text(String(givenUp)),
  // Whoever knows how to come back reads the result from another stream; here it is the same one.
  test_reconnection: async () => {
    await sleep(100);
    return text('Reconnection test completed');
  },
};

const stateful: Tool = async (_input, { mcpReq }) => {
  if (mcpReq.requestState() !== undefined) return text('state-ok');
  return inputRequired({
    inputRequests: { confirm: confirmForm() },
    requestState: await states.mint({ step: 1 }),
  });
};

const questions: Readonly<Record<string, Tool>> = {
  test_sampling: asking(
    'sample',
    ({ prompt }) => sample(String(prompt)),
    (answer) => `LLM response: ${JSON.stringify(answer['content'])}`,
  ),
  test_elicitation: asking(
    'user',
    ({ message }) =>
      form(
        String(message),
        {
          username: { type: 'string', description: "User's response" },
          email: { type: 'string', description: "User's email address" },
        },
        ['username', 'email'],
      ),
    (answer) => `User response: ${elicited(answer)}`,
  ),
  test_streaming_elicitation: asking('user_name', nameForm, elicited),
  test_elicitation_sep1034_defaults: asking(
    'defaults',
    () =>
      form('Please say who you are', {
        name: { type: 'string', default: 'John Doe' },
        age: { type: 'integer', default: 30 },
        score: { type: 'number', default: 95.5 },
        status: { type: 'string', enum: ['active', 'inactive', 'pending'], default: 'active' },
        verified: { type: 'boolean', default: true },
      }),
    elicited,
  ),
  test_elicitation_sep1330_enums: asking(
    'enums',
    () => {
      const options = ['option1', 'option2', 'option3'];
      const titled = [
        { const: 'value1', title: 'First Option' },
        { const: 'value2', title: 'Second Option' },
        { const: 'value3', title: 'Third Option' },
      ];
      return form('Please choose', {
        untitledSingle: { type: 'string', enum: options },
        titledSingle: { type: 'string', oneOf: titled },
        legacyEnum: {
          type: 'string',
          enum: ['opt1', 'opt2', 'opt3'],
          enumNames: ['Option One', 'Option Two', 'Option Three'],
        },
        untitledMulti: { type: 'array', items: { type: 'string', enum: options } },
        titledMulti: { type: 'array', items: { anyOf: titled } },
      });
    },
    elicited,
  ),
  test_input_required_result_elicitation: asking('user_name', nameForm, (_answer, ctx) => {
    const name = nameOf(ctx, 'user_name');
    return name === undefined ? undefined : `Hello, ${name}!`;
  }),
  test_input_required_result_sampling: asking(
    'capital_question',
    () => sample('What is the capital of France?'),
    (answer) => JSON.stringify(answer['content']),
  ),
  test_input_required_result_list_roots: (_input, ctx) => {
    const roots = answerIn(ctx, 'client_roots');
    if (roots !== undefined) return text(JSON.stringify(roots));
    return inputRequired({ inputRequests: { client_roots: inputRequired.listRoots() } });
  },
  test_input_required_result_request_state: stateful,
  test_input_required_result_tampered_state: stateful,
  test_input_required_result_multiple_inputs: async (_input, ctx) => {
    const keys = ['user_name', 'greeting', 'client_roots'];
    if (keys.every((key) => answerIn(ctx, key) !== undefined)) return text('All three are there.');
    return inputRequired({
      inputRequests: {
        user_name: nameForm(),
        greeting: sample('Generate a greeting'),
        client_roots: inputRequired.listRoots(),
      },
      requestState: await states.mint({ step: 1 }),
    });
  },
  test_input_required_result_multi_round: async (_input, { mcpReq }) => {
    const { step = 0 } = mcpReq.requestState<{ readonly step: number }>() ?? {};
    if (step === 2) return text('Both steps are done.');
    const asked =
      step === 0
        ? { step1: form('Step 1: What is your name?', { name: { type: 'string' } }, ['name']) }
        : { step2: form('Step 2: What is your favorite color?', { color: { type: 'string' } }, ['color']) };
    return inputRequired({ inputRequests: asked, requestState: await states.mint({ step: step + 1 }) });
  },
  test_input_required_result_capabilities: (_input, ctx) => {
    if (answerIn(ctx, 'sample') ?? answerIn(ctx, 'user_name')) return text('That is all.');
    const { sampling, elicitation } = declaredIn(ctx);
    return inputRequired({
      inputRequests: {
        ...(sampling !== undefined && { sample: sample('Say something') }),
        ...(elicitation !== undefined && { user_name: nameForm() }),
      },
    });
  },
  // The SDK refuses the question where the client did not declare that it can be asked.
  test_missing_capability: asking(
    'sample',
    () => sample('Is it there?'),
    () => 'It is there.',
  ),
};

function declaredIn({ mcpReq: { envelope } }: ServerContext): Readonly<Record<string, unknown>> {
  const declared = (envelope as Readonly<Record<string, unknown>> | undefined)?.[
    CLIENT_CAPABILITIES_META_KEY
  ];
  return typeof declared === 'object' && declared !== null
    ? (declared as Readonly<Record<string, unknown>>)
    : {};
}

const oneText = (name: string) =>
  fromJsonSchema<Input>({ type: 'object', properties: { [name]: { type: 'string' } }, required: [name] });

/** The tools that the conformance suite calls, by the names that it has for them. */
export function addTools(mcp: McpServer): void {
  for (const [name, run] of Object.entries({ ...plain, ...questions })) {
    const inputSchema =
      name === 'test_sampling'
        ? oneText('prompt')
        : name === 'test_elicitation'
          ? oneText('message')
          : anything;
    mcp.registerTool(name, { description: `Does what ${name} has to.`, inputSchema }, run);
  }
  const trigger = (name: string, change: () => void): void => {
    mcp.registerTool(name, { description: 'Changes a list.', inputSchema: anything }, () => {
      change();
      return text('It was changed.');
    });
  };
  trigger('test_trigger_tool_change', () => {
    mcp.sendToolListChanged();
  });
  trigger('test_trigger_prompt_change', () => {
    mcp.sendPromptListChanged();
  });
  trigger('test_trigger_resource_change', () => {
    mcp.server.sendResourceUpdated({ uri: 'test://watched-resource' }).catch(() => undefined);
  });
}
