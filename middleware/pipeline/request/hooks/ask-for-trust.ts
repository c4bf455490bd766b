import type { HookEntry } from '../../../features/hooks/config/hook-entry.ts';
import type { ScriptHook } from '../../../features/hooks/scripts/script-hooks.ts';
import { scriptHash } from '../../../features/hooks/trust/hook-hash.ts';
import { askText, provenanceText } from '../../../features/trust/ask-text.ts';
import type { TrustSubject } from '../../../features/trust/trust-record.ts';
import type { TrustAnswer } from '../../../features/trust/parse-answer.ts';
import { findProvenance } from '../../../features/trust/provenance.ts';
import type { TrustStore } from '../../../features/trust/trust-store.ts';
import type { Reply } from '../../../kernel/reply.ts';
import type { Environment } from '../../../platform/config/environment.ts';
import type { UserPrompt } from '../../../protocol/conversation/user-prompt.ts';
import { holdsTexts, textsIn } from '../../../features/trust/holds-texts.ts';
import { leavesOfProject, whatLeaveIs } from '../../../features/trust/project-grants.ts';
import { callPolicyOf, type Undecided } from '../../../features/calls/call-policy.ts';
import { nameOfHook, type HookTrust, type UndecidedHook } from '../../../features/hooks/trust/hook-trust.ts';
import type { HookTurn } from '../../hooks/hook-turn.ts';
import { itemKey } from '../../../protocol/conversation/item-key.ts';
import { answerPrompt } from './answer-prompt.ts';

export interface QuestionParts {
  readonly hookTrust: HookTrust;
  readonly trust: TrustStore;
  readonly env: Environment;
  /** Who decides what no rule does: leave that a project gives itself matters only where we ask. */
  readonly undecided: Undecided;
  /** Tells hooks that the user is asked something. */
  readonly notify: (turn: HookTurn, message: string) => void;
}

/**
 * Asks the user, once in a conversation, whether the hooks of the project may run, and whether the leave that it
 * gives counts; what stands in one file is one question each. `undefined` where there is nothing to ask, or nobody.
 */
export async function askForTrust(
  turn: HookTurn,
  prompt: UserPrompt,
  parts: QuestionParts,
): Promise<Reply | undefined> {
  const { exchange, conversation, place, replied } = turn;
  const { session, project } = place;
  if (exchange.turn.isOneShot) return undefined;
  const undecided = await undecidedThings(turn, parts);
  const { approvals } = session.memory;
  const askedAt = replied?.at ?? itemKey(conversation, prompt.index);
  // Whoever sends the message again may not have read the question: it waits for an answer, with all that it is about.
  const isAskedAgain = approvals.isAskedAt(askedAt);
  const [first, ...others] = undecided.filter(
    // A guard that was changed is asked about until there is an answer: nothing that it guards goes on before.
    ({ subject, isChanged }) => isChanged || isAskedAgain || !session.asked.has(subject.hash),
  );
  if (first === undefined) return undefined;
  const { file } = first;
  const asked = [first, ...others.filter((other) => other.file === file && other.kind === first.kind)];
  const provenance = await findProvenance(file, {
    ...{ env: parts.env, signal: exchange.signal },
    isOf: (content) => asked.every(({ isOf }) => isOf(content)),
  });
  const isOne = asked.length === 1;
  const text = askText({
    what: isOne ? first.what : `${asked.length} hooks`,
    runs: asked.map(({ occasion, runs }) => (isOne ? runs : `${occasion}: ${runs}`)).join('\n'),
    project: project.workspace,
    provenance,
    permissions: [...new Set(asked.flatMap(({ permissions }) => permissions))],
  });
  for (const { subject } of asked) session.asked.add(subject.hash);
  approvals.ask({
    ...{ askedAt, text, workspace: project.workspace },
    resolve: (answer) =>
      decide(asked, answer, {
        parts,
        session: session.key,
        provenance: provenanceText(provenance, project.workspace),
      }),
  });
  if (!isAskedAgain)
    parts.notify(turn, 'Codex-Plus needs your permission for what this project brings along');
  return answerPrompt(turn, prompt.index, { text, dropsPrompt: false, isFinal: false });
}

interface DecisionTerms {
  readonly parts: QuestionParts;
  readonly session: string;
  readonly provenance: string;
}

async function decide(
  asked: readonly Pick<UndecidedThing, 'subject'>[],
  answer: TrustAnswer,
  { parts: { trust }, session, provenance }: DecisionTerms,
): Promise<void> {
  for (const { subject } of asked) {
    await trust.keepAnswer(subject, answer, { conversation: session, provenance });
  }
}

/** Something of the project that nobody has said yes or no to. */
interface UndecidedThing {
  readonly kind: 'hook' | 'leave';
  readonly subject: TrustSubject;
  readonly isChanged: boolean;
  readonly file: string;
  /** Whether a content of the file is the one that this was read from. */
  readonly isOf: (content: Buffer) => boolean;
  /** As the object of "wants to run". */
  readonly what: string;
  readonly occasion: string;
  /** All that decides what is run. */
  readonly runs: string;
  readonly permissions: readonly string[];
}

async function undecidedThings(
  { place, exchange }: HookTurn,
  { hookTrust, trust, undecided }: QuestionParts,
): Promise<readonly UndecidedThing[]> {
  const hooks = (await hookTrust.undecided(place)).map(thingOf);
  const policy = callPolicyOf(place, exchange, undecided);
  const leaves = policy.asksUndecided ? leavesOfProject(policy.rules, place.project) : [];
  const open = await Promise.all(
    leaves.map(async (leave): Promise<readonly UndecidedThing[]> => {
      const decision = await trust.decisionOn(leave.subject, place.session.key);
      if (decision !== undefined) return [];
      const { subject, file, lines, texts } = leave;
      return [
        {
          kind: 'leave',
          isChanged: false,
          subject,
          file,
          isOf: holdsTexts(texts),
          what: whatLeaveIs,
          occasion: '',
          runs: lines.join('\n'),
          permissions: [],
        },
      ];
    }),
  );
  return [...hooks, ...open.flat()];
}

function thingOf({ subject, hook, isChanged }: UndecidedHook): UndecidedThing {
  const occasion = occasionOf(hook);
  return {
    ...{ kind: 'hook', subject, isChanged, occasion, what: `a hook for ${occasion}`, runs: runsOf(hook) },
    file: 'slot' in hook ? hook.path : hook.source.file,
    isOf: isOfHook(subject, hook),
    permissions: 'slot' in hook ? [] : (hook.permissions ?? []),
  };
}

function isOfHook({ hash }: TrustSubject, hook: HookEntry | ScriptHook): (content: Buffer) => boolean {
  if ('slot' in hook) return (content) => scriptHash(hook.name, content) === hash;
  return holdsTexts(textsIn({ ...hook.handler, kind: undefined }));
}

function occasionOf(hook: HookEntry | ScriptHook): string {
  if ('slot' in hook) return hook.slot === 'pre_input' ? 'every prompt' : 'every answer';
  return hook.matcher === undefined || hook.matcher === '' ? hook.event : `${hook.event} of ${hook.matcher}`;
}

/** Of what is no command, everything that stands in the file. */
function runsOf(hook: HookEntry | ScriptHook): string {
  if ('slot' in hook) return hook.path;
  const { handler } = hook;
  if (handler.kind !== 'command') return JSON.stringify(handler);
  return [nameOfHook(hook), ...(handler.args ?? [])].join(' ');
}
