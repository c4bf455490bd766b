import type { WasAsked } from './asked-questions.ts';
import { questionIn } from './question-sign.ts';
import type { Api } from '../../../kernel/exchange.ts';
import type { JsonObject } from '../../../kernel/json-object.ts';
import { codecOf } from '../../../protocol/apis/codec-of.ts';
import type { RoundCodec } from '../../../protocol/apis/round-codec.ts';
import type { Conversation } from '../../../protocol/conversation/conversation.ts';
import { isAddedByClient, newestUserPrompt } from '../../../protocol/conversation/user-prompt.ts';

const question =
  '[An MCP server asked the user something here. Neither the question nor the answer is shown. Where the result of the call is missing, make the call again.]';
const answer = '[not shown]';

/**
 * A conversation without what servers asked the user, and without what was answered: the user was told that it goes to no
 * model, and nobody may know the call any more. Words of ours stand for both, as some items have to have others behind them.
 */
export function withoutQuestions(conversation: Conversation, api: Api, wasAsked: WasAsked): Conversation {
  const codec = codecOf(api).rounds;
  if (codec === undefined) return conversation;
  const edits = new Map<number, readonly JsonObject[]>();
  for (let index = 0; index < conversation.length; index += 1) {
    const item = conversation.at(index);
    if (item['role'] !== 'assistant') continue;
    const hidden = hiddenIn(item, codec, wasAsked);
    if (hidden === undefined) continue;
    edits.set(index, [hidden]);
    const reply = replyBehind(conversation, index, api);
    if (reply !== undefined) edits.set(reply.index, [reply.withParts([{ kind: 'text', text: answer }])]);
  }
  return conversation.edit(edits);
}

/** Whether a message of the user stands behind such a question, so that it is no prompt. */
export function answersQuestion(
  conversation: Conversation,
  index: number,
  { api, wasAsked }: { readonly api: Api; readonly wasAsked: WasAsked },
): boolean {
  const codec = codecOf(api).rounds;
  let before = index - 1;
  while (before >= 0 && isAddedByClient(conversation.at(before))) before -= 1;
  if (codec === undefined || before < 0) return false;
  const item = conversation.at(before);
  return item['role'] === 'assistant' && hiddenIn(item, codec, wasAsked) !== undefined;
}

/** An answer without the question in it; `undefined` where there is none. */
function hiddenIn(item: JsonObject, { withTexts }: RoundCodec, wasAsked: WasAsked): JsonObject | undefined {
  let questions = 0;
  const hidden = withTexts(item, (text) => {
    const asked = questionIn(text);
    if (asked === undefined || !wasAsked(asked)) return text;
    questions += 1;
    return text.slice(0, text.length - asked.length) + question;
  });
  return questions === 0 ? undefined : hidden;
}

function replyBehind(
  conversation: Conversation,
  asked: number,
  api: Api,
): ReturnType<typeof newestUserPrompt> {
  let index = asked + 1;
  while (index < conversation.length && isAddedByClient(conversation.at(index))) index += 1;
  const prompt = index < conversation.length ? newestUserPrompt(conversation, api, index) : undefined;
  return prompt?.index === index ? prompt : undefined;
}
