import { Client, isInputRequiredResult, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { nowNs, readStamps } from '../stamp.ts';
import type { ToolCallTimes } from './timed-upstream.ts';

/** How a server is reached. */
export type ServerPlace =
  | { readonly kind: 'stdio'; readonly command: string; readonly args: readonly string[] }
  | { readonly kind: 'http'; readonly url: string };

/** The client of the official SDK, which does nothing but call the tool. */
export class SdkCaller {
  readonly #client: Client;

  private constructor(client: Client) {
    this.#client = client;
  }

  static async open(place: ServerPlace): Promise<SdkCaller> {
    const client = new Client(
      { name: 'benchmark', version: '1.0.0' },
      { versionNegotiation: { mode: 'auto' } },
    );
    await client.connect(
      place.kind === 'http'
        ? new StreamableHTTPClientTransport(new URL(place.url))
        : new StdioClientTransport({ command: place.command, args: [...place.args] }),
    );
    return new SdkCaller(client);
  }

  async call(): Promise<ToolCallTimes | undefined> {
    const calledAt = nowNs();
    const result = await this.#client.callTool({ name: 'look', arguments: { path: 'a' } });
    const returnedAt = nowNs();
    const [block] = isInputRequiredResult(result) ? [] : result.content;
    const stamp = block?.type === 'text' ? readStamps(block.text).stamps[0] : undefined;
    return (
      stamp && {
        toToolUs: (stamp.writtenAt - stamp.thoughtFor - calledAt) / 1_000,
        fromToolUs: (returnedAt - stamp.writtenAt) / 1_000,
      }
    );
  }

  close(): Promise<void> {
    return this.#client.close();
  }
}
