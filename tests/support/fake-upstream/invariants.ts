type Json = Readonly<Record<string, unknown>>;

/** What no request of a tool loop may have: a call without its output, or an output without its call. */
export function findViolations(body: Json | undefined): string[] {
  const { input, messages, previous_response_id: previous } = body ?? {};
  // Their calls may stand in what the provider keeps.
  if (typeof previous === 'string') return [];
  if (Array.isArray(input)) return [...inputViolations(input as Json[]), ...repeated(input as Json[])];
  return Array.isArray(messages) ? messageViolations(messages as Json[]) : [];
}

function inputViolations(input: readonly Json[]): string[] {
  const ids = (suffix: string): Set<string> =>
    new Set(
      input
        .filter(({ type }) => typeof type === 'string' && type.endsWith(suffix))
        .map(({ call_id: id }) => String(id)),
    );
  const calls = ids('_call');
  const outputs = ids('_call_output');
  return [
    ...[...calls].filter((id) => !outputs.has(id)).map((id) => `the call ${id} has no output`),
    ...[...outputs].filter((id) => !calls.has(id)).map((id) => `the output of ${id} has no call`),
  ];
}

function repeated(input: readonly Json[]): string[] {
  const calls = input.filter(({ type }) => typeof type === 'string' && type.endsWith('_call'));
  const ids = calls.map(({ call_id: id }) => String(id));
  return ids.filter((id, index) => ids.indexOf(id) !== index).map((id) => `the call ${id} comes twice`);
}

/** In messages, the outputs of a message's calls stand right behind it, all of them, before anything else. */
function messageViolations(messages: readonly Json[]): string[] {
  return messages.flatMap((message, index) => {
    const calls = callIds(message);
    const outputs = outputIds(messages.slice(index + 1));
    const before = messages.slice(0, index).findLast(({ role }) => role === 'assistant');
    const answered = before === undefined ? [] : callIds(before);
    return [
      ...calls.filter((id) => !outputs.includes(id)).map((id) => `the call ${id} has no output behind it`),
      ...outputIds([message])
        .filter((id) => !answered.includes(id))
        .map((id) => `the output of ${id} is not behind its call`),
    ];
  });
}

function callIds({ role, content, tool_calls: calls }: Json): string[] {
  if (role !== 'assistant') return [];
  const blocks = Array.isArray(content) ? (content as Json[]) : [];
  const entries = Array.isArray(calls) ? (calls as Json[]) : [];
  return [...blocks.filter(({ type }) => type === 'tool_use'), ...entries].map(({ id }) => String(id));
}

/** Of the messages that hold nothing but outputs, up to the first other; a user's may have a text behind them. */
function outputIds(messages: readonly Json[]): string[] {
  const ids: string[] = [];
  for (const { role, content, tool_call_id: id } of messages) {
    if (role === 'tool') {
      ids.push(String(id));
      continue;
    }
    const blocks = role === 'user' && Array.isArray(content) ? (content as Json[]) : [];
    const results = blocks.filter(({ type }) => type === 'tool_result');
    const isFirst = results.every((result, index) => blocks[index] === result);
    return isFirst ? [...ids, ...results.map(({ tool_use_id: call }) => String(call))] : ids;
  }
  return ids;
}
