import { ProtocolError, UrlElicitationRequiredError } from '@modelcontextprotocol/client';
import { remembered } from '../../../kernel/bounds/remembered.ts';
import { isJsonObject } from '../../../kernel/json-object.ts';
import type { Connection, Forwarding } from '../connection.ts';
import { hasMoreText } from '../../../kernel/bounds/has-more-text.ts';
import { cleanedResult } from './clean-result.ts';
import { encodedIn } from './encoded-in.ts';

type Clean = (text: string) => string;

/** In characters of a result, which takes a millisecond or two. */
const maxAtOnce = 65_536;

/**
 * A connection of which all that the server says has its texts cleaned, before anything is cut or kept: what it lists and
 * answers, its errors and its end, and what it asks, logs and tells of its progress.
 */
export function redactedConnection(connection: Connection, clean: Clean): Connection {
  const {
    closed,
    instructions,
    tools,
    recentTools,
    prompts,
    resources,
    templates,
    call,
    forward,
    watchResource,
  } = connection;
  const cleaned = async <Result>(answer: Promise<Result>, maxTokens?: number): Promise<Result> => {
    try {
      const result = await answer;
      return isJsonObject(result) && hasMoreText(result, maxAtOnce)
        ? ((await cleanedResult(result, clean, maxTokens)) as Result)
        : cleanedValue(result, clean, 'result');
    } catch (error) {
      throw cleanedError(error, clean);
    }
  };
  // The same list each time: what is made of it is kept by it.
  const cleanedList = remembered((list: readonly unknown[]) => cleanedValue(list, clean, 'other'));
  const listed =
    <Item>(list: (signal: AbortSignal) => Promise<readonly Item[]>) =>
    async (signal: AbortSignal): Promise<readonly Item[]> => {
      try {
        return cleanedList(await list(signal)) as readonly Item[];
      } catch (error) {
        throw cleanedError(error, clean);
      }
    };
  return {
    ...connection,
    instructions: instructions === undefined ? undefined : clean(instructions),
    ...{ tools: listed(tools), recentTools: listed(recentTools), prompts: listed(prompts) },
    ...{ resources: listed(resources), templates: listed(templates) },
    call: (name, input, signal, maxTokens) => cleaned(call(name, input, signal), maxTokens),
    forward: (method, params, caller) =>
      cleaned(forward(method, params, cleanedFor(caller, clean)), caller.maxTokens),
    watchResource: (uri, signal, onBegun) => cleaned(watchResource(uri, signal, onBegun)),
    closed: closed.then(clean),
  };
}

/** The same caller, who hears and is asked nothing but what is clean. */
function cleanedFor(caller: Forwarding, clean: Clean): Forwarding {
  const { ask, onLog, onProgress } = caller;
  return {
    ...caller,
    ...(ask !== undefined && {
      ask: (question, signal) =>
        ask({ ...question, params: cleanedValue(question.params, clean, 'result') } as never, signal),
    }),
    onLog: (message) => {
      onLog(cleanedValue(message, clean, 'other'));
    },
    ...(onProgress !== undefined && {
      onProgress: (progress) => {
        onProgress(cleanedValue(progress, clean, 'other'));
      },
    }),
  };
}

/** What a value is: base64, which is long and in which no text is found, stands in blocks of content only. */
type Place = 'result' | 'block' | 'other';

/** The value itself where nothing in it changes. */
function cleanedValue<Value>(value: Value, clean: Clean, place: Place): Value {
  return cleanedAt(value, clean, place) as Value;
}

function cleanedAt(value: unknown, clean: Clean, place: Place): unknown {
  if (typeof value === 'string') return clean(value);
  if (Array.isArray(value)) {
    const list = value.map((entry) => cleanedAt(entry, clean, place));
    return list.some((entry, index) => entry !== value[index]) ? list : value;
  }
  if (!isJsonObject(value)) return value;
  const encoded = place === 'block' ? encodedIn(value) : undefined;
  const entries = Object.entries(value).map(([name, entry]) => ({
    ...{ name, entry },
    clean: [clean(name), name === encoded ? entry : cleanedAt(entry, clean, placeOf(name, place))] as const,
  }));
  return entries.some((one) => one.clean[0] !== one.name || one.clean[1] !== one.entry)
    ? Object.fromEntries(entries.map((one) => one.clean))
    : value;
}

/** Of a member: results of all kinds have their blocks in these. */
function placeOf(name: string, place: Place): Place {
  return holders[place].get(name) ?? 'other';
}

const holders: Readonly<Record<Place, ReadonlyMap<string, Place>>> = {
  result: new Map(Object.entries({ content: 'block', contents: 'block', messages: 'result' })),
  block: new Map(Object.entries({ content: 'block', resource: 'block' })),
  other: new Map(),
};

function cleanedError(error: unknown, clean: Clean): unknown {
  if (!(error instanceof ProtocolError)) return error;
  const { message, data, code } = error;
  const [cleanMessage, cleanData] = [clean(message), cleanedValue(data, clean, 'other')];
  if (cleanMessage === message && cleanData === data) return error;
  // Any other error it would make one of its own of, with less data.
  return error instanceof UrlElicitationRequiredError
    ? ProtocolError.fromError(code, cleanMessage, cleanData)
    : new ProtocolError(code, cleanMessage, cleanData);
}
