import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';

/** One thing in a conversation, whatever the API. */
export type Spoken =
  | readonly [who: 'user' | 'text', text: string]
  | readonly [kind: 'call', name: string, input: unknown, callId: string]
  | readonly [kind: 'output', callId: string, text: string];

/** An answer as an official SDK understood it. */
export interface Said {
  readonly spoken: readonly Spoken[];
  readonly tokens: { readonly input: number; readonly output: number };
  readonly id: string;
}

type Json = Readonly<Record<string, unknown>>;

/** A client of one API that keeps its conversation and sends all of it each time. */
export interface CallClient {
  readonly api: 'responses' | 'chat' | 'messages';
  /** Says something, or gives the outputs of calls, and takes the answer into the conversation. */
  readonly tell: (spoken: readonly Spoken[], stream: boolean) => Promise<Said>;
  /** Forgets the newest message of the user, and all behind it. */
  readonly goBack: () => void;
  /** Sends no more of the conversation than its newest items. */
  readonly keepNewest: (count: number) => void;
  /** Another client with the same conversation up to here. */
  readonly fork: () => CallClient;
}

/** Takes the newest message of the user out of a list, and what follows it. */
function goBackIn(items: { readonly role?: unknown }[]): void {
  items.splice(items.findLastIndex((item) => item.role === 'user'));
}

/** The conversation in a request, as the model gets it. */
export function conversationIn(body: Json | undefined): readonly Spoken[] {
  const items = (body?.['input'] ?? body?.['messages'] ?? []) as readonly Json[];
  return items.flatMap(spokenIn);
}

function spokenIn(item: Json): readonly Spoken[] {
  const { type, role, content } = item;
  if (type === 'function_call' || type === 'custom_tool_call') return [callIn(item)];
  if (type === 'function_call_output' || type === 'custom_tool_call_output')
    return [['output', String(item['call_id']), String(item['output'])]];
  if (type === 'reasoning') return [];
  if (role === 'tool') return [['output', String(item['tool_call_id']), String(content)]];
  const parts =
    typeof content === 'string' ? [{ type: 'text', text: content }] : ((content ?? []) as readonly Json[]);
  const calls = (item['tool_calls'] ?? []) as readonly Json[];
  const who = role === 'assistant' ? 'text' : 'user';
  return [
    ...parts.flatMap((part): readonly Spoken[] => {
      if (part['type'] === 'tool_use')
        return [['call', String(part['name']), part['input'], String(part['id'])]];
      if (part['type'] === 'tool_result')
        return [['output', String(part['tool_use_id']), String(part['content'])]];
      // Chat clients send an empty text beside calls.
      return typeof part['text'] === 'string' && part['text'] !== '' ? [[who, part['text']]] : [];
    }),
    ...calls.map(callIn),
  ];
}

function callIn(item: Json): Spoken {
  const { function: called, custom } = item as { function?: Json; custom?: Json };
  const own = called ?? custom ?? item;
  const isText = custom !== undefined || item['type'] === 'custom_tool_call';
  const text = isText ? own['input'] : own['arguments'];
  return [
    'call',
    String(own['name']),
    isText ? text : JSON.parse(String(text)),
    String(item['call_id'] ?? item['id']),
  ];
}

const model = 'm';
const options = { apiKey: 'unused', maxRetries: 0 };

/** Every API, streamed and not: what to call it, which client it has, and whether it streams. */
export const callCases = (['responses', 'chat', 'messages'] as const).flatMap((api, which) =>
  [true, false].map((stream) => [api, which, stream] as const),
);

/** The official SDKs as clients, one for each API. `headers`: of every request; `leaving`: gives all of them up. */
export function callClients(
  url: string,
  headers: Readonly<Record<string, string>> = {},
  leaving = new AbortController().signal,
): readonly (() => CallClient)[] {
  const leavingFetch: typeof fetch = (to, init) =>
    fetch(to, { ...init, signal: AbortSignal.any([leaving, ...(init?.signal ? [init.signal] : [])]) });
  const common = { ...options, defaultHeaders: headers, fetch: leavingFetch };
  const openai = new OpenAI({ ...common, baseURL: `${url}/v1` });
  const anthropic = new Anthropic({ ...common, baseURL: url });
  return [() => responsesClient(openai), () => chatClient(openai), () => messagesClient(anthropic)];
}

function responsesClient(
  openai: OpenAI,
  before: readonly OpenAI.Responses.ResponseInputItem[] = [],
): CallClient {
  const input = [...before];
  return {
    api: 'responses',
    fork: () => responsesClient(openai, input),
    keepNewest: (count) => {
      input.splice(0, input.length - count);
    },
    goBack: () => {
      goBackIn(input as { role?: unknown }[]);
    },
    tell: async (spoken, stream) => {
      input.push(
        ...spoken.map(([kind, id, text]): OpenAI.Responses.ResponseInputItem =>
          kind === 'output'
            ? { type: 'function_call_output', call_id: id, output: text }
            : { role: 'user', content: id },
        ),
      );
      const response = stream
        ? await openai.responses.stream({ model, input }).finalResponse()
        : await openai.responses.create({ model, input });
      if (response.status === 'failed') throw new Error(response.error?.message);
      input.push(...(response.output as OpenAI.Responses.ResponseInputItem[]));
      const { input_tokens: inTokens = 0, output_tokens: outTokens = 0 } = response.usage ?? {};
      return {
        spoken: conversationIn({ input: response.output }),
        tokens: { input: inTokens, output: outTokens },
        id: response.id,
      };
    },
  };
}

function chatClient(
  openai: OpenAI,
  before: readonly OpenAI.Chat.ChatCompletionMessageParam[] = [],
): CallClient {
  const messages = [...before];
  return {
    api: 'chat',
    fork: () => chatClient(openai, messages),
    keepNewest: (count) => {
      messages.splice(0, messages.length - count);
    },
    goBack: () => {
      goBackIn(messages);
    },
    tell: async (spoken, stream) => {
      messages.push(
        ...spoken.map(([kind, id, text]): OpenAI.Chat.ChatCompletionMessageParam =>
          kind === 'output'
            ? { role: 'tool', tool_call_id: id, content: text }
            : { role: 'user', content: id },
        ),
      );
      const completion = stream
        ? await openai.chat.completions
            .stream({ model, messages, stream_options: { include_usage: true } })
            .finalChatCompletion()
        : await openai.chat.completions.create({ model, messages });
      const [choice] = completion.choices;
      if (choice === undefined) throw new Error('there is no choice');
      const { role, content, tool_calls: calls } = choice.message;
      const message = {
        role,
        content,
        ...(calls === undefined || calls.length === 0 ? {} : { tool_calls: calls }),
      };
      messages.push(message);
      const { prompt_tokens: inTokens = 0, completion_tokens: outTokens = 0 } = completion.usage ?? {};
      const expected = message.tool_calls === undefined ? 'stop' : 'tool_calls';
      if (choice.finish_reason !== expected) throw new Error(`it ended for ${choice.finish_reason}`);
      return {
        spoken: conversationIn({ messages: [message] }),
        tokens: { input: inTokens, output: outTokens },
        id: completion.id,
      };
    },
  };
}

function messagesClient(anthropic: Anthropic, before: readonly Anthropic.MessageParam[] = []): CallClient {
  const messages = [...before];
  return {
    api: 'messages',
    fork: () => messagesClient(anthropic, messages),
    keepNewest: (count) => {
      messages.splice(0, messages.length - count);
    },
    goBack: () => {
      goBackIn(messages);
    },
    tell: async (spoken, stream) => {
      const [first] = spoken;
      if (first?.[0] === 'output') messages.push({ role: 'user', content: spoken.map(resultOf) });
      else messages.push(...spoken.map(([, text]) => ({ role: 'user' as const, content: text })));
      const params = { model, max_tokens: 100, messages };
      const message = stream
        ? await anthropic.messages.stream(params).finalMessage()
        : await anthropic.messages.create(params);
      messages.push({ role: 'assistant', content: message.content as Anthropic.ContentBlockParam[] });
      const { usage, content } = message;
      const expected = content.some(({ type }) => type === 'tool_use') ? 'tool_use' : 'end_turn';
      if (message.stop_reason !== expected)
        throw new Error(`it ended for ${message.stop_reason ?? 'nothing'}`);
      return {
        spoken: conversationIn({ messages: [{ role: 'assistant', content }] }),
        tokens: {
          input: usage.input_tokens + (usage.cache_read_input_tokens ?? 0),
          output: usage.output_tokens,
        },
        id: message.id,
      };
    },
  };
}

function resultOf([, id, text]: Spoken): Anthropic.ToolResultBlockParam {
  return { type: 'tool_result', tool_use_id: id, content: String(text) };
}
