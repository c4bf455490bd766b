import type { ApiRequest } from '../../kernel/exchange.ts';
import { isJsonObject } from '../../kernel/json-object.ts';
import type { Conversation } from '../../protocol/conversation/conversation.ts';

/** The command that a prompt of ours stands for, as the user called it. */
export interface CalledCommand {
  /** Without the slash. */
  readonly name: string;
  readonly args: string;
}

const mark =
  /^<command-message>[^<]*<\/command-message>\n<command-name>\/([^<]+)<\/command-name>\n(?:<command-args>([^]*)<\/command-args>\n)?$/;

/**
 * The command behind an item, where a command became it; `undefined` for an item that stands in the client's own request, so that
 * nobody passes off a prompt as a command by writing it so.
 */
export function calledCommandAt(
  conversation: Conversation,
  index: number,
  original: ApiRequest | undefined,
): CalledCommand | undefined {
  if (original === undefined || original.json.includes(conversation.bytesAt(index))) return undefined;
  const { content } = conversation.at(index);
  const parts = Array.isArray(content) ? (content as unknown[]).filter(isJsonObject) : [];
  const found = parts.map(({ text }) => (typeof text === 'string' ? mark.exec(text) : null)).find(Boolean);
  const [, name, args = ''] = found ?? [];
  return name === undefined ? undefined : { name, args };
}
