import type { CommandCall } from '../../../features/commands/match-command.ts';
import { notHereText, stubCommandOf } from '../../../features/commands/stubs/skill-stub.ts';
import type { Approval, UserWord } from '../../../features/sessions/approvals.ts';
import type { CommandTurn, Edit, Outcome } from '../../../features/sessions/ledger.ts';
import type { SessionMemory, Sessions } from '../../../features/sessions/sessions.ts';
import { isYes } from '../../../features/trust/parse-answer.ts';
import type { TrustStore } from '../../../features/trust/trust-store.ts';
import type { CalledCommand, Exchange } from '../../../kernel/exchange.ts';
import type { Reply } from '../../../kernel/reply.ts';
import type { ProjectSnapshot } from '../../../platform/config/scopes/project-snapshot.ts';
import type { Conversation } from '../../../protocol/conversation/conversation.ts';
import type { PromptPart } from '../../../protocol/apis/prompt-part.ts';
import { newestUserPrompt, type UserPrompt } from '../../../protocol/conversation/user-prompt.ts';
import { answerLocally } from '../../answer-locally.ts';
import type { MadePrompt } from '../../../features/commands/prompt/make-prompt.ts';
import type { MadeServerPrompt } from '../../../features/commands/prompt/make-server-prompt.ts';
import { itemKey, ownId } from '../../../protocol/conversation/item-key.ts';
import { oneAtATime } from '../../../features/sessions/one-at-a-time.ts';
import { commandIn } from './command-in.ts';
import { makeCalled, type PromptMakers } from './make-called.ts';
import { referencedParts, type ReferenceReaders } from './referenced-parts.ts';
import { keepAsking, keptQuestionKey } from '../kept-question.ts';
import { endedQuestionKey } from '../resolve-asked-call.ts';
import { resolvedKey, type ResolvedApproval } from '../resolve-approval.ts';
import type { ProjectOf } from '../../projects.ts';
import { addUserNotes } from '../../user-notes.ts';

export interface CommandRunOptions extends PromptMakers, ReferenceReaders {
  readonly sessions: Sessions;
  readonly projectOf: ProjectOf;
  readonly trust: TrustStore;
  readonly runBuiltIn: BuiltIns;
}

/** The answer of a built-in command; `undefined` when there is none of that name. */
export type BuiltIns = (call: CommandCall, on: BuiltInInvocation) => Promise<string | undefined>;

/** What a built-in command is called on. */
export interface BuiltInInvocation {
  readonly exchange: Exchange;
  /** Names the conversation for people, also where the client does not. */
  readonly session: string;
  /** Names the conversation and its caller: what was allowed in it goes by this. */
  readonly conversation: string;
  readonly project: ProjectSnapshot | undefined;
}

type AskedCommand = NonNullable<Approval['command']>;
type Question = Extract<MadePrompt, { readonly kind: 'ask' }>;
type Expanded = Extract<MadePrompt, { readonly kind: 'expanded' }>;

/** What a request of a conversation calls for that may call a command, or answered our question about one. */
export class CommandRun {
  readonly #options: CommandRunOptions;
  readonly #exchange: Exchange;
  readonly #conversation: Conversation;
  readonly #session: string;
  /** The question that it answers. */
  #resolved: ResolvedApproval | undefined;

  constructor(options: CommandRunOptions, exchange: Exchange, conversation: Conversation, session: string) {
    this.#options = options;
    this.#exchange = exchange;
    this.#conversation = conversation;
    this.#session = session;
  }

  /**
   * Takes the newest prompt; resolves with the answer to it, where it gets one here. A request that is sent again waits
   * for what the first makes of the command.
   */
  take(prompt: UserPrompt): Promise<Reply | undefined> {
    const resolved = this.#exchange.state.get(resolvedKey);
    const command = resolved?.approval.command;
    // What hooks asked, they go on with.
    if (resolved !== undefined && command === undefined) return Promise.resolve(undefined);
    this.#resolved = resolved;
    const takeAlone = (): Promise<Reply | undefined> =>
      resolved === undefined || command === undefined
        ? this.#takePrompt(prompt)
        : this.#takeAnswer(prompt, resolved, command);
    const called = command?.itemKey ?? this.#itemCalled(prompt);
    if (called === undefined) return takeAlone();
    return oneAtATime(this.#options.sessions.underWay, [`${this.#session} ${called}`], takeAlone);
  }

  #itemCalled(prompt: UserPrompt): string | undefined {
    return this.#callIn(prompt) === undefined ? undefined : itemKey(this.#conversation, prompt.index);
  }

  #callIn(prompt: UserPrompt): CommandCall | undefined {
    return commandIn(prompt, this.#exchange);
  }

  async #takePrompt(prompt: UserPrompt): Promise<Reply | undefined> {
    const before = this.#editBefore(prompt);
    if (before?.items === undefined) return this.#takeCommand(prompt);
    // The same item again is a retry: what it became, or what was answered, stays.
    return before.items.length > 0 ? undefined : this.#sayAgain(before);
  }

  #sayAgain({ answer }: Edit): Reply | undefined {
    return answer?.text === undefined ? undefined : answerLocally(this.#exchange, answer.text, this.#options);
  }

  #editBefore(prompt: UserPrompt): Edit | undefined {
    const known = this.#options.sessions.find(this.#session);
    const key = itemKey(this.#conversation, prompt.index);
    // Also the message behind which our question stands: it was said before the question was read, and answers nothing.
    const isSaidAgain =
      ownId(this.#conversation, prompt.index) !== undefined || known?.approvals.isAskedAt(key) === true;
    if (!isSaidAgain) return undefined;
    const word = known?.approvals.wordOn(key);
    if (word === undefined) return known?.ledger.find(key);
    // From now on also where the yes does not stand.
    const ran = this.#ranAt(key, word);
    if (ran !== undefined) known?.ledger.edit(key, ran.edit);
    return ran?.edit;
  }

  /** What a command became by a yes to the question about it. */
  #ranAt(key: string, word: UserWord): Outcome | undefined {
    const outcome = isYes(word.word) ? this.#memory.ledger.outcomeOf(word) : undefined;
    const ran = outcome?.itemKey === key && (outcome.edit.items ?? []).length > 0;
    return ran ? outcome : undefined;
  }

  async #takeAnswer(
    prompt: UserPrompt,
    resolved: ResolvedApproval,
    command: AskedCommand,
  ): Promise<Reply | undefined> {
    const before = this.#cameBefore(resolved, command.itemKey);
    if (before !== undefined) return this.#sayAgain(before);
    if (resolved.answer === 'no') return this.#answer(prompt, 'Not run.');
    const index = this.#indexOf(command.itemKey);
    const asked =
      index === undefined
        ? undefined
        : newestUserPrompt(this.#conversation, this.#exchange.request.api, index);
    if (asked === undefined) return this.#answer(prompt, 'Allowed. Call the command again.');
    return this.#takeCommand(asked, command.call);
  }

  /** What came of the same answer before; a command that ran runs no second time where a user goes back and says yes again. */
  #cameBefore(
    { approval: { answered }, answer, repliedAt }: ResolvedApproval,
    key: string,
  ): Edit | undefined {
    const { ledger } = this.#memory;
    const same = ledger.outcomeOf({ word: answer, at: repliedAt })?.itemKey === key;
    const ran = !same && isYes(answer) && answered !== undefined ? this.#ranAt(key, answered) : undefined;
    if (ran !== undefined) ledger.edit(repliedAt, { outcome: ran });
    return same || ran !== undefined ? ledger.find(repliedAt) : undefined;
  }

  async #takeCommand(prompt: UserPrompt, known?: CommandCall): Promise<Reply | undefined> {
    const call = known ?? this.#callIn(prompt);
    if (call === undefined) return this.#attachReferences(prompt);
    const project = await this.#options.projectOf(this.#exchange, this.#conversation);
    const place = { session: this.#shownSession, conversation: this.#session };
    const made =
      project === undefined
        ? undefined
        : await makeCalled(call, { ...place, exchange: this.#exchange, project }, this.#options);
    // A run that was ended says nothing of the command.
    if (this.#exchange.signal.aborted) return undefined;
    if (made !== undefined && project !== undefined)
      return this.#use(made.made, prompt, made.called, project);
    const text = await this.#options.runBuiltIn(call, { ...place, exchange: this.#exchange, project });
    const answer = text ?? notHereText(stubCommandOf(prompt));
    return answer === undefined ? undefined : this.#answerBuiltIn(prompt, answer);
  }

  /** A question that waits for the user's next message waits on. */
  #answerBuiltIn(prompt: UserPrompt, answer: string): Reply | undefined {
    const kept = this.#exchange.state.get(keptQuestionKey);
    if (kept === undefined) {
      const approvals = this.#options.sessions.find(this.#session)?.approvals;
      const again = approvals?.askAgain(this.#conversation, prompt.index, answer);
      return this.#answer(prompt, again ?? this.#endedNote + answer);
    }
    if (prompt.skill !== undefined) this.#edit(prompt.skill.index, { items: [] });
    keepAsking(this.#exchange, kept, { conversation: this.#conversation, prompt, answer });
    return undefined;
  }

  /** Who was asked may think that his next message answers it. */
  get #endedNote(): string {
    const ended = this.#exchange.state.get(endedQuestionKey);
    return ended === undefined ? '' : `${ended} What you say next goes to the model.\n\n`;
  }

  async #attachReferences(prompt: UserPrompt): Promise<undefined> {
    if (!prompt.text.includes('@')) return;
    const { projectOf } = this.#options;
    const project = await projectOf(this.#exchange, this.#conversation);
    if (project === undefined) return;
    const on = { project, conversation: this.#session, signal: this.#exchange.signal };
    const parts = await referencedParts(prompt.text, on, this.#options);
    if (parts === undefined) return;
    this.#edit(prompt.index, { items: [prompt.withParts(parts)], turn: undefined, answer: undefined });
  }

  #use(
    made: MadePrompt | MadeServerPrompt,
    prompt: UserPrompt,
    call: CalledCommand,
    { workspace }: ProjectSnapshot,
  ): Reply | undefined {
    switch (made.kind) {
      case 'refused':
        return this.#answer(prompt, this.#endedNote + made.message);
      case 'ask':
        return this.#ask(made, prompt, call, workspace);
      case 'expanded':
        this.#expand(made, prompt, call);
        return undefined;
      case 'said': {
        const turn = { called: call, model: undefined, effort: undefined };
        this.#become(made.parts, prompt, turn);
        return undefined;
      }
    }
  }

  #ask(
    { question, howToAllow, subject, provenance }: Question,
    prompt: UserPrompt,
    call: CommandCall,
    workspace: string,
  ): Reply {
    if (this.#exchange.turn.isOneShot) {
      const asked = question.replace(/\n*Allow\?[^\n]*$/, '');
      return this.#answer(prompt, `${asked}\n\nNobody can be asked here. ${howToAllow}`);
    }
    const on = { conversation: this.#session, provenance };
    const ended = this.#exchange.state.get(endedQuestionKey);
    const text = ended === undefined ? question : `${ended}\n\n${question}`;
    this.#memory.approvals.ask({
      command: { itemKey: itemKey(this.#conversation, prompt.index), call },
      // What is answered stands behind the newest prompt.
      askedAt: this.#resolved?.repliedAt ?? itemKey(this.#conversation, prompt.index),
      ...{ text, workspace },
      resolve: answerKeeper(this.#options.trust, subject, on),
    });
    return this.#answer(prompt, text, { isQuestion: true });
  }

  #expand(
    { attachments, blocks, settings, hints }: Expanded,
    prompt: UserPrompt,
    called: CalledCommand,
  ): void {
    const parts: PromptPart[] = [...attachments, ...blocks.map((text) => ({ kind: 'text', text }) as const)];
    const { model, effort } = settings;
    const turn: CommandTurn = { called, model: model === 'inherit' ? undefined : model, effort };
    this.#become(parts, prompt, turn);
    for (const hint of hints) this.#exchange.log.warn(hint);
  }

  #become(parts: readonly PromptPart[], prompt: UserPrompt, turn: CommandTurn): void {
    const ended = this.#exchange.state.get(endedQuestionKey);
    if (ended !== undefined) addUserNotes(this.#exchange, [ended]);
    this.#keep(prompt, { items: [prompt.withParts(parts)], turn, answer: undefined });
    if (prompt.skill !== undefined) this.#edit(prompt.skill.index, { items: [] });
  }

  /**
   * Answers without a model. Neither the prompt nor the answer goes to one later; where the user's answer to a
   * question of ours led here, that gets the same again.
   */
  #answer(prompt: UserPrompt, text: string, { isQuestion = false } = {}): Reply {
    const { ledger } = this.#memory;
    const dropped: Edit = { items: [], turn: undefined };
    const answer = { text, dropsPrompt: true, isFinal: false };
    const at = this.#resolved?.repliedAt;
    if (at === undefined) ledger.answer(itemKey(this.#conversation, prompt.index), answer, dropped);
    else ledger.answer(at, { ...answer, isReply: true }, dropped);
    if (at !== undefined && !isQuestion) this.#keep(prompt, dropped);
    if (prompt.skill !== undefined) this.#edit(prompt.skill.index, { items: [] });
    return answerLocally(this.#exchange, text, this.#options);
  }

  /** What came of an answer to a question is kept at the answer: a user may go back and say otherwise. */
  #keep(prompt: UserPrompt, edit: Edit): void {
    const resolved = this.#resolved;
    const about = resolved?.approval.command;
    if (resolved === undefined || about === undefined) {
      this.#edit(prompt.index, edit);
      return;
    }
    const outcome = { word: resolved.answer, itemKey: about.itemKey, edit };
    this.#memory.ledger.edit(resolved.repliedAt, { outcome });
  }

  get #shownSession(): string {
    return this.#exchange.turn.sessionId ?? this.#session;
  }

  get #memory(): SessionMemory {
    return this.#options.sessions.open(this.#session);
  }

  #edit(index: number, edit: Edit): void {
    this.#memory.ledger.edit(itemKey(this.#conversation, index), edit);
  }

  #indexOf(key: string): number | undefined {
    for (let index = this.#conversation.length - 1; index >= 0; index -= 1) {
      if (itemKey(this.#conversation, index) === key) return index;
    }
    return undefined;
  }
}

/** Waits for long with its question, and must not hold the run, which has the body of its request. */
function answerKeeper(
  trust: TrustStore,
  subject: Question['subject'],
  on: Parameters<TrustStore['keepAnswer']>[2],
): Approval['resolve'] {
  return (answer) => trust.keepAnswer(subject, answer, on);
}
