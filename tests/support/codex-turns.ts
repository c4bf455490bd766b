import { callRaw, type RawAnswer } from './raw-client.ts';

export type Item = Readonly<Record<string, unknown>>;

/** A message of the user, as Codex writes it. */
export function user(text: string, id: string): Item {
  return { type: 'message', id, role: 'user', content: [{ type: 'input_text', text }] };
}

/** A call of Codex's shell tool with its output. */
export function ranCommand(cmd: string, callId: string, exitCode = 0, output = 'done\n'): readonly Item[] {
  const head = `Chunk ID: 6d7b38\nWall time: 0.3228 seconds\nProcess exited with code ${exitCode}`;
  return [
    {
      type: 'function_call',
      id: `fc_${callId}`,
      call_id: callId,
      name: 'exec_command',
      arguments: JSON.stringify({ cmd }),
    },
    {
      type: 'function_call_output',
      id: `fco_${callId}`,
      call_id: callId,
      output: `${head}\nOriginal token count: 2\nOutput:\n${output}`,
    },
  ];
}

export interface CodexTurn {
  readonly session: string;
  readonly workspace: string;
  readonly input: readonly Item[];
  readonly metadata?: object;
  readonly stream?: boolean;
  /** Other members of the request. */
  readonly more?: object;
}

/** Makes a request as Codex does; resolves with the text that the client gets. */
export async function codexTurn(port: number, turn: CodexTurn): Promise<string> {
  return (await codexAnswer(port, turn)).body.toString();
}

/** The same with the head of the answer. */
export async function codexAnswer(port: number, turn: CodexTurn): Promise<RawAnswer> {
  const { session, workspace, input, metadata = {}, stream = false, more = {} } = turn;
  const told = {
    session_id: session,
    request_kind: 'turn',
    thread_source: 'user',
    workspaces: { [workspace]: {} },
    ...metadata,
  };
  return await callRaw(port, {
    path: '/v1/responses',
    headers: [
      ...['user-agent', 'codex_exec/0.169.0', 'x-codex-turn-metadata', JSON.stringify(told)],
      ...['content-type', 'application/json'],
    ],
    body: codexBody(input, stream, more),
  });
}

/** The body of such a request. */
export function codexBody(input: readonly Item[], stream = false, more: object = {}): string {
  return JSON.stringify({
    model: 'gpt-5',
    input,
    stream,
    tools: [{ type: 'function', name: 'exec_command' }],
    ...more,
  });
}
