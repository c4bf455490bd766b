import type { IncomingMessage } from 'node:http';
import { CodexPlusError } from '../../kernel/errors.ts';
import type { Api, ApiRequest, RequestHead } from '../../kernel/exchange.ts';
import { topLevelMembers, type JsonMember } from '../../protocol/json/json-members.ts';
import { modelCallHeaders } from '../../protocol/model-call-headers.ts';
import { decodeBody, tooLarge } from './decode-body.ts';
import { readBody, type BodyBounds } from './read-body.ts';

/**
 * Reads a model call: its body whole, up to `maxBytes` before and after decoding, as far as its share allows. The
 * bytes as they came are kept, and the JSON is scanned, not parsed. Throws `body_too_large`, `overloaded`,
 * `request_timeout`, `unsupported_encoding`, `invalid_body`; rejects when the client leaves.
 */
export async function readExchange(
  req: IncomingMessage,
  api: Api,
  path: string,
  bounds: BodyBounds,
): Promise<ApiRequest> {
  const contentEncoding = req.headers['content-encoding'];
  const raw = await readBody(req, bounds);
  const json = await decodeWithin(raw, contentEncoding, bounds);
  const headers = modelCallHeaders(req.rawHeaders);
  return { api, path, headers, raw, contentEncoding, json, head: headOf(json) };
}

function decodeWithin(raw: Buffer, contentEncoding: string | undefined, bounds: BodyBounds): Promise<Buffer> {
  const { maxBytes, share } = bounds;
  let bytes = 0;
  return decodeBody(raw, contentEncoding, (more) => {
    bytes += more;
    return bytes > maxBytes ? tooLarge(bounds) : share.take(more);
  });
}

function headOf(json: Buffer): RequestHead {
  let model: string | undefined;
  let stream = false;
  for (const member of membersOf(json)) {
    // The last one counts when a key comes twice, as it does for the parsers behind us.
    if (member.key === 'model') model = stringValue(json, member);
    else if (member.key === 'stream') stream = json[member.valueStart] === 0x74; // "t" of true
  }
  return { model, stream };
}

function membersOf(json: Buffer): readonly JsonMember[] {
  try {
    return topLevelMembers(json);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new CodexPlusError('invalid_body', `the request body is not a JSON object: ${reason}`, { cause });
  }
}

function stringValue(json: Buffer, member: JsonMember): string | undefined {
  if (json[member.valueStart] !== 0x22) return undefined;
  const text = json.toString('utf8', member.valueStart + 1, member.valueEnd - 1);
  if (!text.includes('\\')) return text;
  try {
    return JSON.parse(`"${text}"`) as string;
  } catch (cause) {
    throw new CodexPlusError('invalid_body', 'the request body is not JSON: "model" has a wrong escape', {
      cause,
    });
  }
}
