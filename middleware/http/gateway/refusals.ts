import { isJsonObject } from '../../kernel/json-object.ts';

/** Of the JSON of a request. */
export const maxDepth = 1_000;

/** The answer to a request that was not parsed. */
export function tooDeep(): Response {
  return refusal(400, -32_600, `The request is nested deeper than ${maxDepth} levels`);
}

/** As the protocol wants it: the client begins another one. */
export function noSession(): Response {
  return refusal(404, -32_001, 'Session not found');
}

/** The answer to who looks with a browser or curl; clients of the older protocol ask in the same way whether there is a stream. */
export function noPage(): Response {
  const how =
    'Method not allowed: this is an address for MCP clients (Streamable HTTP), which send POST. ' +
    'Write it as `url` into the entry of a client; `codex-plus init` does so for Codex.';
  return refusal(405, -32_000, how);
}

/** The answer to a request whose id another one has that has no answer yet. */
export function idInUse(body: unknown): Response {
  const id = isJsonObject(body) ? body['id'] : null;
  return refusal(
    400,
    -32_600,
    'Invalid Request: a request of this session with the same id has no answer yet',
    id,
  );
}

function refusal(status: number, code: number, message: string, id: unknown = null): Response {
  return Response.json({ jsonrpc: '2.0', error: { code, message }, id }, { status });
}
