import { isJsonObject, parseJsonObject } from '../../../kernel/json-object.ts';
import { runBounded } from '../../../platform/process/run-bounded.ts';
import { checkHeaders, mergedHeaders } from '../check-headers.ts';
import type { RemoteLaunch } from '../launch.ts';

const timeoutMs = 10_000;
const maxBytes = 65_536;

/** The headers that a server is called with: those of its entry, and those that its helper prints, which go over them. */
export async function headersOf(
  launch: RemoteLaunch,
  signal: AbortSignal,
): Promise<Readonly<Record<string, string>>> {
  const headers = await givenHeaders(launch, signal);
  checkHeaders(headers);
  return headers;
}

async function givenHeaders(
  { headers, headersHelper, url, cwd, env }: RemoteLaunch,
  signal: AbortSignal,
): Promise<Readonly<Record<string, string>>> {
  if (headersHelper === undefined) return headers;
  const { ending, exitCode, stdout, summary } = await runBounded({
    file: '/bin/sh',
    args: ['-c', headersHelper],
    cwd,
    env: { ...env, CLAUDE_CODE_MCP_SERVER_URL: url },
    stdin: '',
    ...{ timeoutMs, keepBytes: maxBytes, floodBytes: maxBytes, signal },
  });
  if (ending !== 'exited' || exitCode !== 0) throw new Error(`its headersHelper ${summary}`);
  const printed = parseJsonObject(stdout);
  const isGood = isJsonObject(printed) && Object.values(printed).every((value) => typeof value === 'string');
  if (!isGood) throw new Error('its headersHelper has to print a JSON object of texts');
  return mergedHeaders(headers, printed as Readonly<Record<string, string>>);
}
