import { CodexPlusError } from '../../kernel/errors.ts';

/**
 * What to answer where a stage could not read a body: bodies are only scanned when they come in, so what is wrong
 * deeper inside shows when somebody looks there. `undefined` for every other fault, and where the body is sound.
 */
export function unreadableBody(thrown: unknown, json: Buffer): CodexPlusError | undefined {
  if (!(thrown instanceof SyntaxError)) return undefined;
  try {
    JSON.parse(json.toString());
    return undefined;
  } catch (cause) {
    // The rest of the engine's words may quote the body, which belongs into no log.
    const place = /position (\d+)/.exec(String(cause))?.[1];
    const where = place === undefined ? '' : ` at character ${place}`;
    return new CodexPlusError('invalid_body', `the request body is not JSON: it is broken${where}`);
  }
}
