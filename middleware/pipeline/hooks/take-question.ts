import type { HookEntry } from '../../features/hooks/hook-entry.ts';
import type { ScriptHook } from '../../features/hooks/script-hooks.ts';
import { askText, provenanceText } from '../../features/trust/ask-text.ts';
import { parseTrustAnswer } from '../../features/trust/parse-answer.ts';
import { findProvenance } from '../../features/trust/provenance.ts';
import type { TrustStore } from '../../features/trust/trust-store.ts';
import type { Reply } from '../../kernel/reply.ts';
import type { Environment } from '../../platform/config/environment.ts';
import type { UserPrompt } from '../../protocol/user-prompt.ts';
import { nameOfHook, type HookTrust, type UndecidedHook } from './hook-trust.ts';
import type { HookTurn } from './hook-turn.ts';
import { answerPrompt } from './own-answers.ts';
import { stableKey } from './stable-key.ts';

export interface QuestionParts {
  readonly hookTrust: HookTrust;
  readonly trust: TrustStore;
  readonly env: Environment;
  /** Tells hooks that the user is asked something. */
  readonly notify: (turn: HookTurn, message: string) => void;
}

/**
 * Asks the user, once in a conversation, whether the hooks of the project may run; the hooks of one file are one question.
 * `undefined` where there is nothing to ask, or nobody.
 */
export async function askForHooks(
  turn: HookTurn,
  prompt: UserPrompt,
  parts: QuestionParts,
): Promise<Reply | undefined> {
  const { exchange, place, conversation } = turn;
  const { session, project } = place;
  if (exchange.turn.isOneShot) return undefined;
  const undecided = await parts.hookTrust.undecided(place);
  const [first, ...others] = undecided.filter(({ subject }) => !session.asked.has(subject.hash));
  if (first === undefined) return undefined;
  const file = fileOf(first.hook);
  const asked = [first, ...others.filter(({ hook }) => fileOf(hook) === file)];
  for (const { subject } of asked) session.asked.add(subject.hash);
  const provenance = await findProvenance(file, { env: parts.env, signal: exchange.signal });
  const text = askText({
    what: asked.length === 1 ? `a hook for ${occasionOf(first.hook)}` : `${asked.length} hooks`,
    runs: asked.map(({ hook }) => lineOf(hook, asked.length > 1)).join('\n'),
    project: project.workspace,
    provenance,
    permissions: [...new Set(asked.flatMap(({ hook }) => permissionsOf(hook)))],
  });
  session.question = {
    askedAt: stableKey(conversation, prompt.index),
    answered: (answer) =>
      decide(asked, answer, {
        parts,
        session: session.id,
        provenance: provenanceText(provenance, project.workspace),
      }),
  };
  parts.notify(turn, 'Codex-Plus needs your permission to run hooks of this project');
  return answerPrompt(turn, prompt.index, { text, dropsPrompt: false, isFinal: false });
}

/**
 * Takes the user's answer to the question that waits; tells whether the message was one. Any other message is no answer, and the
 * question does not come again.
 */
export async function takeAnswer(turn: HookTurn, prompt: UserPrompt): Promise<boolean> {
  const { session } = turn.place;
  const { question } = session;
  const key = stableKey(turn.conversation, prompt.index);
  // The question was not delivered, and the client sends the same again.
  if (question === undefined || question.askedAt === key) return false;
  session.question = undefined;
  const answer = parseTrustAnswer(prompt.text);
  if (answer === undefined) return false;
  await question.answered(answer);
  session.answers.set(key, { text: undefined, dropsPrompt: true, isFinal: false });
  return true;
}

interface DecisionTerms {
  readonly parts: QuestionParts;
  readonly session: string;
  readonly provenance: string;
}

async function decide(
  asked: readonly UndecidedHook[],
  answer: 'yes' | 'no' | 'always',
  { parts: { trust }, session, provenance }: DecisionTerms,
): Promise<void> {
  const terms = { by: 'conversation', provenance } as const;
  const once = { ...terms, scope: 'once', conversation: session } as const;
  for (const { subject } of asked) {
    if (answer === 'no') await trust.deny(subject, once);
    else await trust.allow(subject, answer === 'always' ? { ...terms, scope: 'always' } : once);
  }
}

function fileOf(hook: HookEntry | ScriptHook): string {
  return 'slot' in hook ? hook.path : hook.source.file;
}

function occasionOf(hook: HookEntry | ScriptHook): string {
  if ('slot' in hook) return hook.slot === 'pre_input' ? 'every prompt' : 'every answer';
  return hook.matcher === undefined || hook.matcher === '' ? hook.event : `${hook.event} ${hook.matcher}`;
}

/** All that decides what is run; of what is no command, everything that stands in the file. */
function lineOf(hook: HookEntry | ScriptHook, isOneOfMany: boolean): string {
  const occasion = isOneOfMany ? `${occasionOf(hook)}: ` : '';
  if ('slot' in hook) return `${occasion}${hook.path}`;
  const { handler } = hook;
  if (handler.kind === 'command')
    return `${occasion}${[nameOfHook(hook), ...(handler.args ?? [])].join(' ')}`;
  return `${occasion}${JSON.stringify(handler)}`;
}

function permissionsOf(hook: HookEntry | ScriptHook): readonly string[] {
  return 'slot' in hook ? [] : (hook.permissions ?? []);
}
