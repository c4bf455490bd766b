import type { JsonObject } from '../../../kernel/json-object.ts';
import { callKeys } from '../common/call-keys.ts';
import { appendItems, onlyItems } from '../common/append-items.ts';
import type { HistoryItem } from '../history-item.ts';
import type { TurnCodec } from '../turn-codec.ts';
import { contentText } from '../common/content-text.ts';
import { isText } from '../common/read-event.ts';
import { responsesCall } from './calls/calls.ts';
import { responsesOutputs } from './outputs.ts';
import { responsesHistory } from './history.ts';
import { isKeptByProvider } from './kept-by-provider.ts';
import { responsesRequest } from './request.ts';

/** The Responses API: every piece of a conversation is an item. */
export const responsesTurns: TurnCodec = {
  outputs: (call, output) => responsesOutputs(call, output).map((item) => ({ kind: 'output', item })),
  withoutResult: (item, note) => (isTextOutput(item) ? { ...item, output: note } : item),
  holdsImages: true,
  words: (text) => ({
    kind: 'output',
    item: { type: 'message', role: 'user', content: [{ type: 'input_text', text }] },
  }),
  withTurn: (request, historyItems) => {
    // A conversation that the provider keeps has the turn already, all but the outputs.
    if (isKeptByProvider(request.json))
      return onlyItems(
        request,
        responsesRequest.itemsKey,
        toItems(historyItems.filter(({ kind }) => kind === 'output')),
      );
    const isStored = responsesRequest.isStored(request.json);
    // Reasoning that is neither stored nor sent along encrypted is known to nobody any more, and its id is refused.
    return appendItems(
      request,
      responsesRequest.itemsKey,
      toItems(historyItems).filter(
        (item) => isStored || item['type'] !== 'reasoning' || isText(item['encrypted_content']),
      ),
    );
  },
  toItems,
  partsOf: (item) => (responsesHistory.isModels(item) ? [item] : undefined),
  keysOf: (item) => {
    const { id, encrypted_content: encrypted } = item;
    const said = saidIn(item);
    return [
      ...callKeysOf(item),
      ...(isText(id) ? [`id ${id}`] : []),
      // Codex keeps the content of reasoning and not always its id.
      ...(isText(encrypted) ? [`reasoning ${encrypted.slice(-64)}`] : []),
      // A client that keeps texts only sends them without ids.
      ...(said === '' ? [] : [`text ${said}`]),
    ];
  },
  textOf: undefined,
  textsOf: (items) => items.filter(({ role }) => role === 'assistant').map(saidIn),
  withTexts: (item, own) => {
    const said = saidIn(item);
    return said === '' ? item : { ...item, content: own(said) };
  },
  withOutputs: undefined,
};

/** Of the kinds of calls that run here: their outputs may be as long as they like. */
function isTextOutput({ type }: JsonObject): boolean {
  return type === 'function_call_output' || type === 'custom_tool_call_output';
}

function toItems(historyItems: readonly HistoryItem[]): readonly JsonObject[] {
  return historyItems.map(({ item }) => item);
}

function callKeysOf(item: JsonObject): readonly string[] {
  const { call_id: callId } = item;
  if (!isText(callId)) return [];
  const call = responsesCall(item);
  return call === undefined ? [`call ${callId}`] : callKeys(call);
}

function saidIn({ role, content }: JsonObject): string {
  return role === 'assistant' ? contentText(content) : '';
}
