import { ProtocolError, UrlElicitationRequiredError } from '@modelcontextprotocol/client';
import { remembered } from '../../../kernel/bounds/remembered.ts';
import { isJsonObject } from '../../../kernel/json-object.ts';
import type { Connection, Forwarding } from '../connection.ts';
import { hasMoreText } from '../../../kernel/bounds/has-more-text.ts';
import { cleanedResult, cleanedWhole } from './clean-result.ts';
import { cutAt } from '../tool-outcome.ts';
import { encodedIn } from './encoded-in.ts';

type Clean = (text: string) => string;

/** In characters, which takes a millisecond or two. */
const maxAtOnce = 65_536;

/**
 * A connection of which all that the server says has its texts cleaned, before anything is cut or kept: what it lists and
 * answers, its errors and its end, and what it asks, logs and tells of its progress. `cleanFault`: of errors, those of tools too.
 */
export function redactedConnection(
  connection: Connection,
  clean: Clean,
  cleanFault: Clean = clean,
): Connection {
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
      const isFault = isJsonObject(result) && result['isError'] === true;
      return await cleanedInTurn(result, isFault ? cleanFault : clean, { place: 'result', maxTokens });
    } catch (error) {
      throw await cleanedError(error, cleanFault);
    }
  };
  // The same list each time: what is made of it is kept by it.
  const cleanedList = remembered((list: readonly unknown[]) =>
    cleanedInTurn(list, clean, { place: 'other' }),
  );
  const listed =
    <Item>(list: (signal: AbortSignal) => Promise<readonly Item[]>) =>
    async (signal: AbortSignal): Promise<readonly Item[]> => {
      try {
        return (await cleanedList(await list(signal))) as readonly Item[];
      } catch (error) {
        throw await cleanedError(error, cleanFault);
      }
    };
  return {
    ...connection,
    // A model is told the beginning of them.
    instructions: instructions === undefined ? undefined : clean(cutAt(instructions, maxAtOnce)),
    ...{ tools: listed(tools), recentTools: listed(recentTools), prompts: listed(prompts) },
    ...{ resources: listed(resources), templates: listed(templates) },
    call: (name, input, signal, maxTokens) => cleaned(call(name, input, signal), maxTokens),
    forward: (method, params, caller) =>
      cleaned(forward(method, params, cleanedFor(caller, clean)), caller.maxTokens),
    watchResource: (uri, signal, onBegun) => cleaned(watchResource(uri, signal, onBegun)),
    closed: closed.then(cleanFault),
  };
}

/** The same caller, who hears and is asked nothing but what is clean. */
function cleanedFor(caller: Forwarding, clean: Clean): Forwarding {
  const { ask, onLog, onProgress } = caller;
  return {
    ...caller,
    ...(ask !== undefined && {
      ask: async (question, signal) => {
        const params = await cleanedInTurn(question.params, clean, { place: 'result' });
        return await ask({ ...question, params } as never, signal);
      },
    }),
    onLog: (message) => {
      const { level } = message;
      onLog(isLarge(message) ? { level, data: leftOut } : cleanedValue(message, clean, 'other'));
    },
    ...(onProgress !== undefined && {
      onProgress: (given) => {
        const { progress, total } = given;
        onProgress(isLarge(given) ? { progress, total } : cleanedValue(given, clean, 'other'));
      },
    }),
  };
}

function isLarge(value: unknown): boolean {
  return hasMoreText(value, maxAtOnce);
}

/** In the place of news that would have to be cleaned at once. */
const leftOut = `left out: it has more than ${maxAtOnce} characters`;

/** A value at once where it is small, and with others having the event loop in between where it is not. */
async function cleanedInTurn<Value>(
  value: Value,
  clean: Clean,
  { place, maxTokens }: { readonly place: Place; readonly maxTokens?: number | undefined },
): Promise<Value> {
  if (!isLarge(value)) return cleanedValue(value, clean, place);
  return place === 'result' && isJsonObject(value)
    ? ((await cleanedResult(value, clean, maxTokens)) as Value)
    : ((await cleanedWhole(value, clean)) as Value);
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

async function cleanedError(error: unknown, clean: Clean): Promise<unknown> {
  if (!(error instanceof ProtocolError)) return error;
  const { message, data, code } = error;
  const { said: cleanMessage, data: cleanData } = await cleanedInTurn({ said: message, data }, clean, {
    place: 'other',
  });
  if (cleanMessage === message && cleanData === data) return error;
  // Any other error it would make one of its own of, with less data.
  return error instanceof UrlElicitationRequiredError
    ? ProtocolError.fromError(code, cleanMessage, cleanData)
    : new ProtocolError(code, cleanMessage, cleanData);
}
