import type { PermissionAnswer } from './check-answer.ts';
import type { HookDecision, ToolPermission } from './hook-decision.ts';
import type { HookEvent } from '../hook-event.ts';
import type { HookInput } from '../hook-input.ts';
import {
  askText,
  blockingErrorText,
  contextText,
  failureText,
  feedbackText,
  refusalText,
  stopText,
  successText,
  systemMessageText,
} from './hook-wording.ts';

/** A hook that has ended, with what names it in messages. */
export interface FinishedHook {
  readonly label: string;
  readonly decision: HookDecision;
}

/** Where several hooks give a value, the last to finish wins. */
type LastWins = Pick<
  HookDecision,
  | 'updatedInput'
  | 'updatedToolOutput'
  | 'updatedMCPToolOutput'
  | 'sessionTitle'
  | 'initialUserMessage'
  | 'watchPaths'
  | 'action'
  | 'content'
>;

/** What all hooks of one event came to, in the words that the model and the user read. */
export interface HookOutcome extends LastWins {
  /** Why it does not happen: the result of a tool call, the answer to a prompt. The first hook that refuses is heard. */
  readonly refusal?: string;
  /** For a tool call: deny over defer over ask over allow. The text is the question, or the reason. */
  readonly permission?: {
    readonly behavior: ToolPermission['behavior'];
    readonly text?: string;
    /** What the user does beforehand where nobody can be asked; none: a rule. */
    readonly howToAllow?: string;
  };
  /** The answer to a question that the user would be asked; a denial wins. */
  readonly permissionAnswer?: PermissionAnswer;
  /** The turn ends. The text is for the user at a prompt, elsewhere for the model in the next turn. */
  readonly stop?: string;
  /** The model goes on with these as the user's words, although it wanted to stop. */
  readonly feedback: readonly string[];
  /** For the model, beside the prompt or after the tool results. */
  readonly contexts: readonly string[];
  /** What a compaction has to heed as well. */
  readonly instructions: readonly string[];
  /** What hooks say to the user. */
  readonly messages: readonly string[];
  /** Which hooks failed and why, for the user. */
  readonly problems: readonly string[];
}

/** Puts the decisions of one event together; `finished` is in order of completion. */
export function combineDecisions(input: HookInput, finished: readonly FinishedHook[]): HookOutcome {
  const event = input.hook_event_name;
  const decisions = finished.map(({ decision }) => decision);
  const stop = stopOf(input, decisions);
  const isSentBack = stop === undefined && wantsToStop.includes(event);
  return {
    ...lastValues(decisions),
    ...refusalOf(input, decisions),
    ...permissionOf(input, decisions),
    ...permissionAnswerOf(decisions),
    ...(stop !== undefined && { stop }),
    feedback: isSentBack ? feedbackOf(input, decisions) : [],
    contexts: finished.flatMap((hook) => contextsOf(input, hook)),
    instructions: given(decisions, 'instructions'),
    messages: given(decisions, 'systemMessage').map((message) => systemMessageText(input, message)),
    problems: finished.flatMap(({ label, decision: { error } }) =>
      error === undefined ? [] : [failureText(input, label, error)],
    ),
  };
}

const wantsToStop: readonly HookEvent[] = ['Stop', 'SubagentStop'];
const happenedAlready: readonly HookEvent[] = ['PostToolUse', 'PostToolUseFailure'];
const canBeRefused: readonly HookEvent[] = [
  ...(['UserPromptSubmit', 'UserPromptExpansion', 'PreCompact'] as const),
  ...(['Elicitation', 'ElicitationResult'] as const),
];

const lastWins = [
  'updatedInput',
  'updatedToolOutput',
  'updatedMCPToolOutput',
  'sessionTitle',
  'initialUserMessage',
  'watchPaths',
  'action',
  'content',
] as const satisfies readonly (keyof LastWins)[];

function lastValues(decisions: readonly HookDecision[]): LastWins {
  const values = lastWins.map((name): [string, unknown] => [
    name,
    decisions.findLast((decision) => decision[name] !== undefined)?.[name],
  ]);
  return Object.fromEntries(values.filter(([, value]) => value !== undefined));
}

function given(decisions: readonly HookDecision[], name: 'instructions' | 'systemMessage'): string[] {
  return decisions.flatMap(({ [name]: text }) => (text === undefined ? [] : [text]));
}

function refusalOf(input: HookInput, decisions: readonly HookDecision[]): Pick<HookOutcome, 'refusal'> {
  if (!canBeRefused.includes(input.hook_event_name)) return {};
  const first = decisions.find(({ block }) => block !== undefined);
  if (first?.block === undefined) return {};
  return { refusal: refusalText(input, first.block.reason, first.suppressOriginalPrompt === true) };
}

const strictestFirst = ['deny', 'defer', 'ask', 'allow'] as const;

function permissionOf(
  input: HookInput,
  decisions: readonly HookDecision[],
): Pick<HookOutcome, 'permission' | 'refusal'> {
  const said = decisions.flatMap(({ permission }) => (permission === undefined ? [] : [permission]));
  const behavior = strictestFirst.find((wanted) => said.some((permission) => permission.behavior === wanted));
  const reason = said.find((permission) => permission.behavior === behavior)?.reason;
  if (behavior === undefined) return {};
  if (behavior === 'deny') {
    const refusal = refusalText(input, reason ?? '', false);
    return { refusal, permission: { behavior, text: refusal } };
  }
  const text = reason ?? (behavior === 'ask' ? askText(input) : undefined);
  return { permission: { behavior, ...(text !== undefined && { text }) } };
}

function permissionAnswerOf(decisions: readonly HookDecision[]): Pick<HookOutcome, 'permissionAnswer'> {
  const answers = decisions.flatMap(({ permissionAnswer: answer }) => (answer === undefined ? [] : [answer]));
  const answer = answers.find(({ behavior }) => behavior === 'deny') ?? answers[0];
  return answer === undefined ? {} : { permissionAnswer: answer };
}

function stopOf(input: HookInput, decisions: readonly HookDecision[]): string | undefined {
  const stopping = decisions.find(({ stop }) => stop !== undefined);
  if (stopping?.stop !== undefined) return stopText(input, stopping.stop.reason);
  // Nothing is left to refuse after a batch of tool calls but to go on.
  if (input.hook_event_name !== 'PostToolBatch') return undefined;
  const block = decisions.find((decision) => decision.block !== undefined)?.block;
  return block === undefined ? undefined : stopText(input, block.reason.trimEnd());
}

function feedbackOf(input: HookInput, decisions: readonly HookDecision[]): readonly string[] {
  return decisions.flatMap(({ block, additionalContext }) => [
    ...(block === undefined ? [] : [feedbackText(block.reason)]),
    ...(additionalContext === undefined ? [] : [contextText(input, additionalContext)]),
  ]);
}

function contextsOf(input: HookInput, { label, decision }: FinishedHook): readonly string[] {
  const event = input.hook_event_name;
  const { text, block, additionalContext } = decision;
  const isStop = wantsToStop.includes(event);
  // A stop that an answer blocks is told twice, as feedback and like this; by exit code only as feedback.
  const tellsBlock = happenedAlready.includes(event) || (isStop && block?.cause === 'answer');
  return [
    ...(text === undefined ? [] : [successText(input, text)]),
    ...(block === undefined || !tellsBlock ? [] : [blockingErrorText(input, label, block.reason)]),
    ...(additionalContext === undefined || isStop ? [] : [contextText(input, additionalContext)]),
  ];
}
