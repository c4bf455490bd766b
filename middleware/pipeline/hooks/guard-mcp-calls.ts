import type { CallGuard, Deciding, Finished, GuardedCall } from '../../features/mcp/gateway/call-guard.ts';
import { keepingRules } from '../../features/mcp/contents/server-kept.ts';
import { claudeToolName } from '../../protocol/claude-tools/mcp-tool-name.ts';
import { callPolicyOf, type CallPolicy, type Undecided } from '../../features/calls/call-policy.ts';
import { decideCall } from '../../features/calls/call-rules.ts';
import { denialNow } from '../../features/calls/denial-now.ts';
import { withoutChoices } from '../../features/calls/call-question.ts';
import type { HookOutcome } from '../../features/hooks/answer/combine-decisions.ts';
import type { HookAudience, HooksOf } from '../../features/hooks/config/project-hooks.ts';
import type { HookPlace } from '../../features/hooks/sessions/hook-place.ts';
import type { HookSessions } from '../../features/hooks/sessions/hook-sessions.ts';
import { takeContexts, takeStop } from '../../features/hooks/sessions/take-kept.ts';
import { isYes } from '../../features/trust/parse-answer.ts';
import type { Caller } from '../../kernel/exchange.ts';
import type { JsonObject } from '../../kernel/json-object.ts';
import type { Log } from '../../kernel/log.ts';
import type { ClaudeToolUse } from '../../protocol/claude-tools/tool-mapping.ts';
import type { ProjectSnapshot } from '../../platform/config/scopes/project-snapshot.ts';
import { checkCall, type CheckCallParts } from './check-call.ts';
import { placeNamed } from './place-named.ts';
import { nobodyToAsk } from './tool-checker.ts';
import { updatedOutputOf } from './updated-output.ts';

interface GuardOptions extends CheckCallParts {
  readonly hooksOf: HooksOf;
  readonly sessions: HookSessions;
  /** Who decides what no rule does. */
  readonly undecided: Undecided;
  readonly log: Log;
}

/** Who calls tools of servers, and in which project. */
export interface GuardedClient {
  readonly project: ProjectSnapshot;
  readonly caller: Caller;
  /** As hooks are told of it. */
  readonly session: string;
}

/** The result of a tool as the protocol has it, as far as it is looked at here. */
type Result = Awaited<ReturnType<CallGuard['after']>>;

/**
 * Rules and hooks for the calls of clients that call the tools of servers through us. What a rule or a hook asks about is put
 * to the client's user where the client can show a question, and is refused otherwise.
 */
export function createMcpCallGuard(options: GuardOptions): (client: GuardedClient) => CallGuard {
  return (client) => {
    // Whatever the client is: what it runs by itself is about other names than those of our servers.
    const audience: HookAudience = { client: { kind: 'other', version: undefined }, caller: client.caller };
    const policy = callPolicyOf(
      { project: client.project, session: { commandRules: [] } },
      audience,
      options.undecided,
    );
    const isDenied = denialsByName(client.project, policy);
    return {
      isDenied: (server, tool) => isDenied?.(claudeToolName(server, tool)) === true,
      denials: keepingRules(policy.rules).map(({ text }) => text),
      denial: (call) => denialNow(namedOf(call), { project: client.project, audience }),
      before: async (call, on) => {
        const place = await placeNamed({ ...client, audience }, options);
        return await before(call, { ...on, place, policy }, options);
      },
      after: async (call, result, on) => {
        const place = await placeNamed({ ...client, audience }, options);
        return await after(call, result, { ...on, place }, options);
      },
    };
  };
}

/**
 * Says of a tool whether a rule that is about it, or its server, and nothing else denies it: nobody need know of it then.
 * `undefined` where there is no such rule.
 */
export function denialsByName(
  project: ProjectSnapshot,
  policy: CallPolicy,
): ((tool: string) => boolean) | undefined {
  const rules = keepingRules(policy.rules);
  if (rules.length === 0) return undefined;
  return (tool) => decideCall({ tool, input: {} }, project, { ...policy, rules }).behavior === 'deny';
}

interface BeforeParts extends Deciding {
  readonly place: HookPlace;
  readonly policy: CallPolicy;
}

function namedOf({ server, tool, input }: GuardedCall): ClaudeToolUse {
  return { tool: claudeToolName(server, tool), input, mcp: { server, tool } };
}

async function before(
  call: GuardedCall,
  { place, policy, signal, ask, lookAgain }: BeforeParts,
  options: GuardOptions,
): Promise<{ readonly input: JsonObject } | { readonly refused: string }> {
  const { id, input } = call;
  const named = namedOf(call);
  const verdict = await checkCall({ place, named, id, policy, on: { signal } }, options);
  if (verdict.kind === 'allow') return { input: verdict.updatedInput ?? input };
  if (verdict.kind !== 'ask') return { refused: withContexts(verdict.reason, id, place) };
  const answer = await ask?.(withoutChoices(verdict.question));
  if (isYes(answer)) {
    const allowed = verdict.updatedInput ?? input;
    const refused = await lookAgain(allowed);
    if (refused !== undefined) return { refused: withContexts(refused, id, place) };
    await verdict.resolve(answer);
    return { input: allowed };
  }
  if (answer === undefined) options.tellRefused({ place, id, tool: named.tool, by: 'nobody to ask' });
  const reason = answer === undefined ? nobodyToAsk(verdict) : 'The user refused this call.';
  return { refused: withContexts(reason, id, place) };
}

/** With what hooks said to the model about the call: there is no result that it could stand behind. */
function withContexts(reason: string, id: string, place: HookPlace): string {
  return [reason, ...takeContexts(id, place.session)].join('\n\n');
}

async function after(
  { id, server, tool, input }: GuardedCall,
  result: Result,
  { place, durationMs, signal }: Finished & { readonly place: HookPlace },
  { run }: GuardOptions,
): Promise<Result> {
  const call = { id, input, tool: claudeToolName(server, tool) };
  const outcome =
    result.isError === true
      ? await run(
          place,
          'PostToolUseFailure',
          { call, error: textOf(result), isInterrupt: signal.aborted, durationMs },
          { signal },
        )
      : await run(place, 'PostToolUse', { call, response: result.content, durationMs }, { signal });
  return withOutcome(result, { outcome, call, place });
}

function withOutcome(
  result: Result,
  {
    outcome,
    call: { id, tool },
    place,
  }: {
    readonly outcome: HookOutcome;
    readonly call: { readonly id: string; readonly tool: string };
    readonly place: HookPlace;
  },
): Result {
  const kept = takeStop(id, place.session);
  const stop = outcome.stop ?? kept;
  const updated = updatedOutputOf([tool], [outcome], place);
  const said = [
    ...takeContexts(id, place.session),
    ...outcome.contexts,
    ...(stop === undefined ? [] : [stop]),
  ];
  const added = said.map((text) => ({ type: 'text' as const, text }));
  if (updated !== undefined) {
    // What a server made for programs says the same as the text that was changed.
    const changed: Result = { ...result, content: [{ type: 'text', text: updated }, ...added] };
    delete changed.structuredContent;
    return changed;
  }
  return added.length === 0 ? result : { ...result, content: [...result.content, ...added] };
}

function textOf({ content }: Result): string {
  return content.flatMap((block) => (block.type === 'text' ? [block.text] : [])).join('\n');
}
