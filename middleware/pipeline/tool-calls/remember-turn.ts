import type { HiddenTurns } from '../../features/sessions/hidden-turns.ts';
import type { Exchange } from '../../kernel/exchange.ts';
import type { JsonObject } from '../../kernel/json-object.ts';
import { Conversation } from '../../protocol/conversation.ts';
import type { CallDialect } from '../../protocol/tool-calls/call-dialect.ts';
import type { AnswerLog } from './answer-log.ts';
import type { CallSessions } from './call-sessions.ts';
import { questionKey, saidKey } from './turn-keys.ts';

interface RememberOptions {
  readonly exchange: Exchange;
  readonly dialect: CallDialect;
  readonly memory: HiddenTurns;
  readonly sessions: CallSessions;
}

/**
 * Remembers an answer by what it answers, by the question that it ends with, and by the id that its client has for it. Nothing is
 * remembered where the client has seen all of it.
 */
export function rememberTurn(
  log: AnswerLog,
  clientId: string | undefined,
  { exchange, dialect, memory, sessions }: RememberOptions,
): void {
  const turn = log.hiddenTurn();
  if (turn === undefined) return;
  const chain = log.chain();
  if (chain !== undefined && clientId !== undefined) memory.chain(clientId, { ...chain, turn });
  const session = sessions.keyOf(exchange);
  const conversation = Conversation.of(exchange.request);
  if (session === undefined || conversation === undefined) return;
  const last = conversation.length === 0 ? undefined : conversation.at(conversation.length - 1);
  memory.add(session, turn, {
    behind: saidKey(last),
    questions: turn.asked === undefined ? [] : questionsIn(log.end().items, dialect),
  });
}

/** The last piece is the question; where pieces have no names, the client has one text of them all. */
function questionsIn(shown: readonly JsonObject[], { textOf, keysOf }: CallDialect): readonly string[] {
  const last = shown.at(-1);
  if (last === undefined) return [];
  return textOf === undefined ? keysOf(last) : [questionKey(textOf(shown))];
}
