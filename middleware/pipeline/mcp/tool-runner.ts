import { McpFailure, NoSuchTool, outcomeOfError, type CallOutcome } from '../../features/mcp/mcp-failure.ts';
import type { McpPlace } from '../../features/mcp/access/server-access.ts';
import type { McpServers } from '../../features/mcp/mcp-servers.ts';
import type { OfferedTool } from '../../features/mcp/offer/offered-tool.ts';
import type { HookPlace } from '../../features/hooks/sessions/hook-place.ts';
import { StateKey } from '../../kernel/exchange-state.ts';
import { denialNow } from '../../features/calls/denial-now.ts';
import type { JsonObject } from '../../kernel/json-object.ts';
import type { Log } from '../../kernel/log.ts';
import { joinedName } from '../../protocol/apis/tools-codec.ts';
import type { CallHead } from '../../protocol/apis/tool-call.ts';
import { withoutFraming } from '../../protocol/conversation/without-framing.ts';
import { claudeToolName } from '../../protocol/claude-tools/mcp-tool-name.ts';
import { argumentsOf } from '../../protocol/claude-tools/tool-mapping.ts';
import type { Asker } from '../../features/mcp/questions/call-with-questions.ts';
import type { CallAnswer, CallRunner, CallStep, RunsFor } from '../call-checks.ts';
import type { AfterCall } from './after-call.ts';
import type { AskingCall, AskingCalls } from './asking-calls.ts';
import { answeredNowKey } from './answered-now.ts';
import type { QuestionHooksOf } from './question-hooks.ts';
import { answerOf } from './answer-of-outcome.ts';

/** What runs the calls of tools that the model of an exchange was offered by us. */
export const toolRunnerKey = new StateKey<CallRunner>('tool runner');

export interface ToolRunnerParts {
  readonly mcp: Pick<McpServers, 'call'>;
  readonly afterCall: AfterCall;
  readonly asking: AskingCalls;
  readonly questionHooksOf: QuestionHooksOf;
}

/** A tool by its own name and that of its server. */
type ServerTool = Pick<OfferedTool, 'server' | 'name'>;

/** Of tools that a model is told in an error. */
const maxNames = 50;
const serverPrefix = 'mcp__';
/** The name of a group ends where the first separator stands behind it. */
const inGroup = /^(mcp__.+?)__(.+)$/s;

/** For which conversation tools run. None of it holds an exchange: a call may wait for the word of its user. */
export interface RunnerPlace {
  readonly mcpPlace: McpPlace;
  /** Where hooks or rules have to do with it. */
  readonly hookPlace: HookPlace | undefined;
  /** Whose conversation it is. */
  readonly callerId: string;
  readonly log: Log;
}

/** Servers of ours by the groups of their tools. */
export type ServersByGroup = ReadonlyMap<string, string>;

/**
 * Runs calls of the tools of MCP servers: of those that the model was offered, and of whatever else it calls at these servers
 * or at others of ours, as it may know a tool from before. Nobody else could run it; where its server lists no such tool, the
 * model is told which it was offered. Whatever a server does wrong is an answer to the model.
 */
export function createToolRunner(
  { tools, others }: { readonly tools: readonly OfferedTool[]; readonly others: ServersByGroup },
  place: RunnerPlace,
  parts: ToolRunnerParts,
): CallRunner {
  // Looked through for each call: most answers have none, and maps of many tools would cost every one of them.
  const toolOf = (head: CallHead): ServerTool | undefined => {
    if (head.kind !== 'function') return undefined;
    const name = wholeName(head);
    const offered = tools.find(({ definition }) => joinedName(definition) === name);
    if (offered !== undefined) return offered;
    const [, group = '', tool = ''] = inGroup.exec(name) ?? [];
    const server = tools.find(({ definition }) => definition.group === group)?.server ?? others.get(group);
    return server === undefined ? undefined : { server, name: tool };
  };
  return {
    isOurs: (head) => toolOf(head) !== undefined,
    asDecided: (call) => {
      const tool = toolOf(call);
      return tool && { ...call, namespace: `${serverPrefix}${tool.server}`, name: tool.name };
    },
    run: async (call, on, { canAsk }) => {
      const { namespace = '', name } = call;
      const server = namespace.slice(serverPrefix.length);
      const input = argumentsOf(call);
      if (input === undefined)
        return { output: `The input of ${name} is no JSON object. Make the call again.`, isError: true };
      const now = on.state?.get(answeredNowKey);
      const mcp = { server, tool: name };
      const denial = now && denialNow({ tool: claudeToolName(server, name), input, mcp }, now);
      if (denial !== undefined) return { output: denial, isError: true };
      // A server that was removed meanwhile is not called either.
      const mcpPlace = { ...place.mcpPlace, ...(now !== undefined && { project: now.project }) };
      const startedAt = performance.now();
      const work = (asker: Asker | undefined, signal: AbortSignal): Promise<CallAnswer> =>
        callTool(
          { server, name },
          { input, place: { ...place, mcpPlace }, mcp: parts.mcp, tools, asker, signal },
        );
      const hooks = parts.questionHooksOf(place.hookPlace);
      const step =
        canAsk || hooks !== undefined || parts.asking.maySample(server)
          ? await parts.asking.run({ ...callerIn(place), canAsk, hooks, server, tool: name, work }, on)
          : await work(undefined, on.signal);
      const finish: Finish = (answer, until, ranMs) =>
        parts.afterCall({
          ...{ call, answer, place: place.hookPlace, on: until },
          durationMs: Math.round(ranMs),
        });
      return await finished(step, on, { finish, ranMs: performance.now() - startedAt });
    },
  };
}

function callerIn({ callerId, mcpPlace }: RunnerPlace): Pick<AskingCall, 'client' | 'conversation'> {
  return { client: callerId, conversation: mcpPlace.conversation };
}

type Finish = (answer: CallAnswer, on: RunsFor, ranMs: number) => Promise<CallAnswer>;

/**
 * With what hooks say behind the call, whichever request sees its end. `ranMs`: how long it ran so far, without the time that
 * its user took for an answer.
 */
async function finished(
  step: CallStep,
  on: RunsFor,
  { finish, ranMs }: { readonly finish: Finish; readonly ranMs: number },
): Promise<CallStep> {
  if (!('asks' in step)) return await finish(step, on, ranMs);
  return {
    ...step,
    goOn: async (text, next) => {
      const startedAt = performance.now();
      const further = await step.goOn(text, next);
      return await finished(further, next, { finish, ranMs: ranMs + performance.now() - startedAt });
    },
  };
}

/** Codex's own tools stand in a group of this name, and a model may think that all do. */
const anyGroup = 'functions';

/** The name of a tool, whether its group is a part of it or not. */
export function wholeName({ namespace, name }: CallHead): string {
  return namespace === undefined || namespace === anyGroup
    ? name
    : joinedName({ group: namespace, tool: name });
}

interface ToolUse {
  readonly input: JsonObject;
  readonly place: RunnerPlace;
  readonly mcp: ToolRunnerParts['mcp'];
  /** What the model was offered. */
  readonly tools: readonly OfferedTool[];
  readonly asker: Asker | undefined;
  readonly signal: AbortSignal;
}

async function callTool(
  { server, name }: ServerTool,
  { input, place, mcp, tools, asker, signal }: ToolUse,
): Promise<CallAnswer> {
  const startedAt = performance.now();
  const tell = (outcome: CallOutcome): void => {
    const ms = Math.round(performance.now() - startedAt);
    place.log.info('a tool of an MCP server was called', { server, tool: name, outcome, ms });
  };
  try {
    const outcome = await mcp.call({ server, tool: name, input, signal, asker }, place.mcpPlace);
    tell(outcome.isError ? 'tool_error' : 'ok');
    return answerOf(outcome);
  } catch (error) {
    tell(outcomeOfError(error, signal));
    signal.throwIfAborted();
    if (!(error instanceof McpFailure))
      place.log.error('a call of an MCP tool failed', { server, tool: name, error });
    const reason = error instanceof McpFailure ? withoutFraming(error.message) : `the call of ${name} failed`;
    const others = error instanceof NoSuchTool ? namesOffered(tools, server) : '';
    return { output: reason + others, isError: true };
  }
}

/** The tools of a server that the model was offered, for one that called another. */
function namesOffered(tools: readonly OfferedTool[], server: string): string {
  const names = tools
    .filter((tool) => tool.server === server)
    .map(({ definition }) => joinedName(definition));
  if (names.length === 0) return '.';
  const more = names.length > maxNames ? `, and ${names.length - maxNames} more` : '';
  return `; there are: ${names.slice(0, maxNames).join(', ')}${more}.`;
}
