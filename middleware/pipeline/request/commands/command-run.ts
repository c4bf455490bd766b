import type { CommandCatalog } from '../../../features/commands/find/command-catalog.ts';
import { matchCommand, type CommandCall } from '../../../features/commands/match-command.ts';
import { stubCommandOf, type StubCall } from '../../../features/commands/stubs/skill-stub.ts';
import type { PendingApproval } from '../../../features/sessions/approvals.ts';
import type { CommandTurn, Edit } from '../../../features/sessions/ledger.ts';
import type { SessionMemory, Sessions } from '../../../features/sessions/sessions.ts';
import type { TrustStore } from '../../../features/trust/trust-store.ts';
import type { CalledCommand, Exchange } from '../../../kernel/exchange.ts';
import type { Reply } from '../../../kernel/reply.ts';
import type { ProjectSnapshot } from '../../../platform/config/scopes/project-snapshot.ts';
import type { Conversation } from '../../../protocol/conversation/conversation.ts';
import { effortOf } from '../../../protocol/effort.ts';
import type { PromptPart } from '../../../protocol/apis/prompt-part.ts';
import { newestUserPrompt, type UserPrompt } from '../../../protocol/conversation/user-prompt.ts';
import { answerLocally } from '../../answer-locally.ts';
import { attachReferences } from '../../../features/commands/prompt/attach-references.ts';
import type { MadePrompt, PromptCall } from '../../../features/commands/prompt/make-prompt.ts';
import { itemKey, ownId } from '../../../protocol/conversation/item-key.ts';
import { resolvedKey, type ResolvedApproval } from '../resolve-approval.ts';
import type { ProjectOf } from '../../projects.ts';

export interface CommandRunOptions {
  readonly sessions: Sessions;
  readonly projectOf: ProjectOf;
  readonly catalog: CommandCatalog;
  readonly trust: TrustStore;
  /** All that a prompt and what goes before it may come to. */
  readonly maxBodyBytes: number;
  readonly makePrompt: (call: PromptCall) => Promise<MadePrompt>;
  readonly runBuiltIn: BuiltIns;
  /** Whether `@path` is read in every prompt, as Claude Code does, or in commands only. */
  readonly references: 'commands' | 'prompts';
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

type Question = Extract<MadePrompt, { readonly kind: 'ask' }>;
type Expanded = Extract<MadePrompt, { readonly kind: 'expanded' }>;

/** What a request of a conversation calls for that may call a command, or answered our question about one. */
export class CommandRun {
  readonly #options: CommandRunOptions;
  readonly #exchange: Exchange;
  readonly #conversation: Conversation;
  readonly #session: string;
  /** What is answered stands behind it. */
  #newest: UserPrompt | undefined;

  constructor(options: CommandRunOptions, exchange: Exchange, conversation: Conversation, session: string) {
    this.#options = options;
    this.#exchange = exchange;
    this.#conversation = conversation;
    this.#session = session;
  }

  /** Takes the newest prompt; resolves with the answer to it, where it gets one here. */
  async take(prompt: UserPrompt): Promise<Reply | undefined> {
    const resolved = this.#exchange.state.get(resolvedKey);
    this.#newest = prompt;
    if (resolved !== undefined) return this.#takeAnswer(prompt, resolved);
    const before = this.#editBefore(prompt);
    if (before?.items === undefined) return this.#takeCommand(prompt);
    // The same item again is a retry: what it became, or what was answered, stays.
    const text = before.items.length > 0 ? undefined : before.answer?.text;
    return text === undefined ? undefined : answerLocally(this.#exchange, text, this.#options);
  }

  #editBefore(prompt: UserPrompt): Edit | undefined {
    const known = this.#options.sessions.find(this.#session);
    const key = itemKey(this.#conversation, prompt.index);
    // Also the message behind which our question stands: it was said before the question was read, and answers nothing.
    const isSaidAgain =
      ownId(this.#conversation, prompt.index) !== undefined || known?.approvals.isAskedAt(key) === true;
    return isSaidAgain ? known?.ledger.find(key) : undefined;
  }

  async #takeAnswer(prompt: UserPrompt, { approval, answer }: ResolvedApproval): Promise<Reply | undefined> {
    const { command } = approval;
    // What hooks asked, they go on with.
    if (command === undefined) return undefined;
    if (answer === 'no') return this.#answer(prompt, 'Not run.');
    const index = this.#indexOf(command.itemKey);
    const asked =
      index === undefined
        ? undefined
        : newestUserPrompt(this.#conversation, this.#exchange.request.api, index);
    if (asked === undefined) return this.#answer(prompt, 'Allowed. Call the command again.');
    return this.#takeCommand(asked, command.call);
  }

  async #takeCommand(prompt: UserPrompt, known?: CommandCall): Promise<Reply | undefined> {
    const isCodex = this.#exchange.client.kind === 'codex';
    const stub = stubCommandOf(prompt);
    const call = known ?? stub ?? matchCommand(prompt.text, { isCodex });
    if (call === undefined) return this.#attachReferences(prompt);
    const { projectOf, catalog, runBuiltIn } = this.#options;
    const project = await projectOf(this.#exchange, this.#conversation);
    const found = project === undefined ? undefined : await catalog.find(project.commandFolders, call.name);
    if (found?.kind === 'command' && project !== undefined) {
      const made = await this.#options.makePrompt({
        ...{ command: found.command, args: call.args, project },
        ...{ session: this.#shownSession, conversation: this.#session },
        effort: effortOf(this.#exchange.request),
        signal: this.#exchange.signal,
      });
      return this.#use(made, prompt, { ...call, scope: found.command.source.scope }, project);
    }
    if (found?.kind === 'unreadable')
      return this.#answer(prompt, `/${found.name} cannot be read: ${found.reason}`);
    const text = await runBuiltIn(call, {
      ...{ exchange: this.#exchange, project },
      ...{ session: this.#shownSession, conversation: this.#session },
    });
    const answer = text ?? notHere(stub);
    return answer === undefined ? undefined : this.#answer(prompt, answer);
  }

  async #attachReferences(prompt: UserPrompt): Promise<undefined> {
    if (this.#options.references === 'commands' || !prompt.text.includes('@')) return;
    const project = await this.#options.projectOf(this.#exchange, this.#conversation);
    const parts =
      project === undefined
        ? undefined
        : await attachReferences(prompt.text, project, this.#options.maxBodyBytes);
    if (parts === undefined) return;
    this.#edit(prompt.index, { items: [prompt.withParts(parts)], turn: undefined, answer: undefined });
  }

  #use(
    made: MadePrompt,
    prompt: UserPrompt,
    call: CalledCommand,
    { workspace }: ProjectSnapshot,
  ): Reply | undefined {
    switch (made.kind) {
      case 'refused':
        return this.#answer(prompt, made.message);
      case 'ask':
        return this.#ask(made, prompt, call, workspace);
      case 'expanded':
        this.#expand(made, prompt, call);
        return undefined;
    }
  }

  #ask(
    { question, howToAllow, subject, provenance }: Question,
    prompt: UserPrompt,
    call: CommandCall,
    workspace: string,
  ): Reply {
    if (this.#exchange.turn.isOneShot) {
      const text = question.replace(/\n*Allow\?[^\n]*$/, '');
      return this.#answer(prompt, `${text}\n\nNobody can be asked here. ${howToAllow}`);
    }
    const on = { conversation: this.#session, provenance };
    this.#memory.approvals.ask({
      command: { itemKey: itemKey(this.#conversation, prompt.index), call },
      askedAt: itemKey(this.#conversation, this.#newest?.index ?? prompt.index),
      ...{ text: question, workspace },
      resolve: answerKeeper(this.#options.trust, subject, on),
    });
    return this.#answer(prompt, question);
  }

  #expand(
    { attachments, blocks, settings, hints }: Expanded,
    prompt: UserPrompt,
    called: CalledCommand,
  ): void {
    const parts: PromptPart[] = [...attachments, ...blocks.map((text) => ({ kind: 'text', text }) as const)];
    const { model, effort } = settings;
    const turn: CommandTurn = { called, model: model === 'inherit' ? undefined : model, effort };
    this.#edit(prompt.index, { items: [prompt.withParts(parts)], turn, answer: undefined });
    if (prompt.skill !== undefined) this.#edit(prompt.skill.index, { items: [] });
    for (const hint of hints) this.#exchange.log.warn(hint);
  }

  /**
   * Answers without a model. Neither the prompt nor the answer goes to one later; where the user's answer to a
   * question of ours led here, that gets the same again.
   */
  #answer(prompt: UserPrompt, text: string): Reply {
    const { ledger } = this.#memory;
    for (const index of new Set([prompt.index, this.#newest?.index ?? prompt.index])) {
      const key = itemKey(this.#conversation, index);
      ledger.answer(key, { text, dropsPrompt: true, isFinal: false }, { items: [], turn: undefined });
    }
    if (prompt.skill !== undefined) this.#edit(prompt.skill.index, { items: [] });
    return answerLocally(this.#exchange, text, this.#options);
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
): PendingApproval['resolve'] {
  return (answer) => trust.keepAnswer(subject, answer, on);
}

/** Codex offers the skill of a command everywhere, also where the command is not. */
function notHere(stub: StubCall | undefined): string | undefined {
  if (stub === undefined) return undefined;
  const { name, from } = stub;
  return from === undefined
    ? `There is no command /${name} here.`
    : `There is no command /${name} here: its file is ${from}, which belongs to another project or is gone.`;
}
