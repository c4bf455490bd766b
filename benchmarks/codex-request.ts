import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A request of Codex as its bytes go over the wire, its target line left out. */
export interface CodexRequest {
  /** Header lines, each with its line end; `host` and `content-length` are the sender's. */
  readonly headerLines: string;
  readonly body: Buffer;
}

interface RequestShape {
  readonly bytes: number;
  readonly stream: boolean;
  /** Whether words of the user stand at its end. */
  readonly beginsTurn: boolean;
  /** Left out, it is the recorded one. */
  readonly model?: string | undefined;
}

interface Fixture {
  readonly headers: readonly (readonly [string, string])[];
  readonly body: Readonly<Record<string, unknown>> & { readonly input: readonly unknown[] };
}

/** Headers of the connection, which the load generator writes itself. */
const ofTheConnection = new Set(['host', 'content-length', 'connection', 'transfer-encoding']);

/**
 * A recorded request whose conversation is carried on until its body has `bytes` bytes: an hour into a session, Codex sends
 * some 60 KB with every turn. What is added looks like what Codex adds: reasoning, calls, and outputs full of source text.
 */
export function createCodexRequest(
  rootDir: string,
  { bytes, stream, beginsTurn, model }: RequestShape,
): CodexRequest {
  const file = join(rootDir, 'tests/fixtures/codex-requests/classic.json');
  const { headers, body } = JSON.parse(readFileSync(file, 'utf8')) as Fixture;
  const headerLines = headers
    .filter(([name]) => !ofTheConnection.has(name.toLowerCase()))
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join('');
  const size = (input: readonly unknown[]): number => JSON.stringify({ ...body, stream, input }).length;
  const input = [...body.input];
  let total = size(input);
  while (total < bytes) {
    const step = stepOfTheSession(input.length, Math.min(bytes - total, longestOutput));
    total += JSON.stringify(step).length - 1;
    input.push(...step);
  }
  if (beginsTurn) input.push(nextPrompt);
  return {
    headerLines,
    body: Buffer.from(JSON.stringify({ ...body, ...(model === undefined ? {} : { model }), stream, input })),
  };
}

const longestOutput = 6_000;

const nextPrompt = {
  ...{ type: 'message', role: 'user' },
  content: [{ type: 'input_text', text: 'Now go on with the next part, and tell me what you found.' }],
};

function stepOfTheSession(index: number, outputBytes: number): unknown[] {
  const callId = `call_${String(index).padStart(6, '0')}`;
  const summary = [
    { type: 'summary_text', text: `**Reading the code** of part ${index}, then the tests that use it.` },
  ];
  const command = { cmd: `sed -n '1,200p' src/part-${index}.ts && rg -n "part${index}" src tests` };
  return [
    { type: 'reasoning', summary, encrypted_content: Buffer.alloc(360, `gAAAA${index}`).toString('base64') },
    { type: 'function_call', name: 'exec_command', arguments: JSON.stringify(command), call_id: callId },
    { type: 'function_call_output', call_id: callId, output: sourceText(index, outputBytes) },
  ];
}

/** Source text of about this many bytes once it is JSON: line ends and double quotes are escaped there. */
function sourceText(seed: number, bytes: number): string {
  let text = '';
  for (let line = 1; text.length * 1.03 < bytes; line += 1) {
    text += `${line}\t  const value${seed * line} = await read('src/part-${line}.ts', { lines: [${line}, 200] });\n`;
    // About one double quote in a hundred characters, as in most languages.
    if (line % 3 === 0)
      text += `${line}\t  log("part", value${seed * line}); // the part that was read, and what is in it\n`;
  }
  return text;
}
