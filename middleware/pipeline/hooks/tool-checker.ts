import { resolve } from 'node:path';
import { matchesName } from '../../features/hooks/config/match-hooks.ts';
import { parseRule } from '../../features/policy/rules/rule-syntax.ts';
import type { Exchange } from '../../kernel/exchange.ts';
import type { JsonObject } from '../../kernel/json-object.ts';
import { codecOf } from '../../protocol/apis/codec-of.ts';
import { claudeUsesOf, withClaudeInputs } from '../../protocol/claude-tools/claude-tool.ts';
import type { ToolCall } from '../../protocol/apis/tool-call.ts';
import {
  callPolicyOf,
  concernsAllTools,
  type CallPolicy,
  type Undecided,
} from '../../features/calls/call-policy.ts';
import type { ClaudeToolUse } from '../../protocol/claude-tools/tool-mapping.ts';
import type { CallChecks, CallVerdict } from '../call-checks.ts';
import { checkCall, type CheckCallParts } from './check-call.ts';
import { joinedQuestion, withoutChoices } from '../../features/calls/call-question.ts';
import { coverUses } from './covered-uses.ts';
import { refusedForModel } from './refused-for-model.ts';
import { placeKey, type HookPlace } from '../../features/hooks/sessions/hook-place.ts';
import { beginCall } from '../../features/hooks/sessions/begin-call.ts';
import type { HookTurn } from './hook-turn.ts';

/** Decides the tool calls in the answers to a client. */
export interface ToolChecker {
  /** `undefined` where neither a rule nor a hook has anything to say of any call: the answer is not read then. */
  readonly concerns: (exchange: Exchange) => CallChecks | undefined;
}

interface ToolCheckerOptions extends CheckCallParts {
  /** Who decides what no rule does. */
  readonly undecided: Undecided;
  /** Tells hooks that the user is asked something. */
  readonly notify: (turn: Pick<HookTurn, 'exchange' | 'place'>, message: string) => void;
}

/**
 * The checker of all calls, by permission rules and hooks. A call that is several uses in Claude Code's words, a
 * patch of many files say, is decided by the strictest of them.
 */
export function createToolChecker(options: ToolCheckerOptions): ToolChecker {
  return {
    concerns: (exchange) => {
      const place = exchange.state.get(placeKey);
      if (place === undefined) return undefined;
      const policy = callPolicyOf(place, exchange, options.undecided);
      const isLeftOut = mayLeaveCallsOut(exchange);
      const hooks = place.hooks.entries.filter(
        ({ event }) => event === 'PreToolUse' || (isLeftOut && afterTools.has(event)),
      );
      const isAboutAll = concernsAllTools(policy);
      // A rule that allows changes nothing for a client that asks its own user.
      const restricting = policy.rules.filter(({ behavior }) => behavior !== 'allow');
      if (!isAboutAll && hooks.length === 0 && restricting.length === 0) return undefined;
      return {
        mayConcern: (tool) =>
          isAboutAll ||
          hooks.some(({ matcher, source }) => matchesName(matcher, namesOf(tool), source.file)) ||
          restricting.some(({ text }) => mayBeAbout(text, tool)),
        resolvePath: (path) => resolve(place.project.workspace, path),
        check: async (call) => {
          const verdict = await checkOne(call, { exchange, place, policy }, options);
          return isLeftOut ? remembering(call, verdict, place) : verdict;
        },
      };
    },
  };
}

/** Of these hooks, the ones that hear of outputs have to be told of which calls they are. */
const afterTools: ReadonlySet<string> = new Set(['PostToolUse', 'PostToolUseFailure', 'PostToolBatch']);

/** Whether the request with the outputs may name this answer by its id, and bring none of its calls. */
function mayLeaveCallsOut({ request: { api, json } }: Exchange): boolean {
  return codecOf(api).request.isStored(json);
}

/** Remembers a call that its client gets, as it gets it. */
function remembering(call: ToolCall, verdict: CallVerdict, { session, project }: HookPlace): CallVerdict {
  if (verdict.kind !== 'allow' && verdict.kind !== 'ask') return verdict;
  const { workspace } = project;
  const given = withInput(call, verdict.updatedInput, workspace);
  const remember = (): void => {
    session.calls.set(call.callId, given);
  };
  if (verdict.kind === 'ask')
    return {
      ...verdict,
      resolve: async (answer) => {
        await verdict.resolve(answer);
        if (answer !== 'no') remember();
      },
    };
  remember();
  return verdict;
}

function withInput(call: ToolCall, input: JsonObject | undefined, workspace: string): ToolCall {
  if (input === undefined) return call;
  const rewritten = withClaudeInputs(call, [input], (path) => resolve(workspace, path));
  return rewritten.kind === 'input' ? { ...call, input: rewritten.input } : call;
}

/** The tool that starts a subagent has an older name, which matchers may still use. */
function namesOf(tool: string): readonly string[] {
  return tool === 'Agent' || tool === 'Task' ? ['Agent', 'Task'] : [tool];
}

/** Tools whose rules are about nothing but themselves; those about files are about shell lines and other tools as well. */
const alone: ReadonlySet<string> = new Set(['Bash', 'WebFetch', 'WebSearch', 'Agent', 'Skill']);

function mayBeAbout(rule: string, tool: string): boolean {
  const about = parseRule(rule)?.tool;
  if (about === undefined) return false;
  if (about.startsWith('mcp__')) return tool.startsWith('mcp__');
  return namesOf(tool).includes(about) || !alone.has(about);
}

interface CheckInvocation {
  readonly exchange: Exchange;
  readonly place: HookPlace;
  readonly policy: CallPolicy;
}

async function checkOne(
  call: ToolCall,
  { exchange, place, policy }: CheckInvocation,
  options: ToolCheckerOptions,
): Promise<CallVerdict> {
  const { workspace } = place.project;
  const uses = claudeUsesOf(call, (path) => resolve(workspace, path));
  // The client's own hooks may ask about the same call once it gets there.
  beginCall(place.session, call.callId);
  const verdicts = await Promise.all(
    uses.map((named) => checkCall({ place, named, id: call.callId, policy, on: exchange }, options)),
  );
  const decided = { place, id: call.callId, uses };
  const verdict = refusedForModel(strictest(verdicts), decided);
  if (verdict.kind === 'allow') coverUses(place.session, call, uses);
  if (verdict.kind !== 'ask') return verdict;
  if (exchange.turn.isOneShot || isKeptByProvider(exchange)) {
    const [{ tool } = { tool: call.name }] = uses;
    options.tellRefused({ place, id: call.callId, tool, by: 'nobody to ask' });
    const by = 'nobody can be asked';
    return refusedForModel({ kind: 'deny', reason: nobodyToAsk(verdict), by }, decided);
  }
  options.notify({ exchange, place }, 'Codex-Plus needs your permission');
  return covering(verdict, { session: place.session, call, uses });
}

interface CoveredUses {
  readonly session: HookPlace['session'];
  readonly call: ToolCall;
  readonly uses: readonly ClaudeToolUse[];
}

/** A question waits for long: what it keeps must not hold the exchange, which has the body of its request. */
function covering(verdict: Asking, { session, call, uses }: CoveredUses): CallVerdict {
  return {
    ...verdict,
    resolve: async (answer) => {
      await verdict.resolve(answer);
      if (answer !== 'no') coverUses(session, call, uses);
    },
  };
}

const strictestFirst = ['stop', 'deny'] as const;

/** The verdict that decides about all. */
export function strictest(verdicts: readonly CallVerdict[]): CallVerdict {
  const [first] = verdicts;
  if (first !== undefined && verdicts.length === 1) return first;
  for (const kind of strictestFirst) {
    const found = verdicts.find((verdict) => verdict.kind === kind);
    if (found !== undefined) return found;
  }
  if (verdicts.some(isChanged)) {
    // To run it as the model wrote it would be against the hook.
    return {
      kind: 'deny',
      reason: 'A hook changed one of several uses in this call; make them one by one',
      by: 'a hook',
    };
  }
  const asking = verdicts.filter((verdict) => verdict.kind === 'ask');
  return asking.length > 0 ? askedTogether(asking) : { kind: 'allow' };
}

function isChanged(verdict: CallVerdict): boolean {
  return (verdict.kind === 'allow' || verdict.kind === 'ask') && verdict.updatedInput !== undefined;
}

type Asking = Extract<CallVerdict, { readonly kind: 'ask' }>;

/** The client gets the call whole: whoever says yes to it has to have seen all that was asked. */
function askedTogether(asking: readonly Asking[]): CallVerdict {
  const ways = [...new Set(asking.map(({ howToAllow = byRules }) => howToAllow))];
  return {
    kind: 'ask',
    question: joinedQuestion(asking.map(({ question }) => question)),
    howToAllow: ways.join(' '),
    resolve: async (answer) => {
      await Promise.all(asking.map(({ resolve: keep }) => keep(answer)));
    },
  };
}

/** An answer to a question would go to the provider's conversation, which waits for the output of the call. */
function isKeptByProvider({ request: { api, json } }: Exchange): boolean {
  return codecOf(api).request.isKeptByProvider(json);
}

const byRules =
  'It is decided beforehand by "permissions" in the settings; codex-plus config list shows them.';

/** A question, for a model whose user is not there. */
export function nobodyToAsk({
  question,
  howToAllow = byRules,
}: Pick<Asking, 'question' | 'howToAllow'>): string {
  return `${withoutChoices(question)}\n\nThis needs the user's permission, and nobody can be asked here. ${howToAllow}`;
}
