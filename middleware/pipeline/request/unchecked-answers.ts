import { callPolicyOf, concernsAllTools, type Undecided } from '../../features/calls/call-policy.ts';
import type { HooksOf, ProjectHooks } from '../../features/hooks/config/project-hooks.ts';
import { placeKey } from '../../features/hooks/sessions/hook-place.ts';
import { CodexPlusError } from '../../kernel/errors.ts';
import type { Caller, Exchange } from '../../kernel/exchange.ts';
import type { RawHeaders } from '../../kernel/headers.ts';
import type { RequestStage } from '../../kernel/stage.ts';
import { findWorkspace } from '../../platform/config/scopes/find-workspace.ts';
import { codecOf } from '../../protocol/apis/codec-of.ts';
import { isCompactionCall, pathBelowRoot, pathOf } from '../../protocol/api-path.ts';
import { clientOf } from '../../protocol/codex/client.ts';
import { mayCarryCalls } from '../../protocol/may-carry-calls.ts';
import { withoutItemsKey } from './hooks/open-turn.ts';
import type { ProjectLookup } from '../projects.ts';

interface UncheckedAnswersOptions {
  readonly projectNamed: ProjectLookup['named'];
  readonly hooksOf: HooksOf;
  readonly undecided: Undecided;
  readonly defaultWorkspace: string | undefined;
  /** Below the API root: what the user lets through all the same. */
  readonly uncheckedPaths: readonly string[];
}

/** A request that no feature owns. */
interface PassedHead {
  readonly method: string;
  readonly url: string;
  readonly headers: RawHeaders;
  readonly isUpgrade: boolean;
}

/** Answers of models that come past the checks of tool calls. */
export interface UncheckedAnswers {
  /**
   * Refuses a model call whose answer is to be fetched later, or that says nothing to go on from, where the calls
   * in it would have been checked.
   */
  readonly refuseUnchecked: RequestStage;
  /** Rejects where the answer to a passed request may hold tool calls, and its caller has rules or hooks. */
  readonly admit: (passed: PassedHead, caller: Caller) => Promise<void>;
}

/**
 * Keeps answers that may hold tool calls from clients whose calls are decided by rules or hooks. They cannot be
 * checked: a call that is refused becomes another question to the model, and for that the conversation would be
 * needed. A request that is passed through seldom names a folder; then the caller's own configuration counts, and
 * whether any call of this caller was checked since the start.
 */
export function createUncheckedAnswers(options: UncheckedAnswersOptions): UncheckedAnswers {
  const { projectNamed, hooksOf, undecided, defaultWorkspace } = options;
  const checkedCallers = new Set<string>();
  const allowed = options.uncheckedPaths.map((path) => pathBelowRoot(path).replace(/\/$/, ''));
  const isAllowed = (path: string): boolean =>
    allowed.some((prefix) => path.startsWith(prefix) && /^(?:[/?]|$)/.test(path.slice(prefix.length)));
  const areCallsChecked = async (headers: RawHeaders, caller: Caller): Promise<boolean> => {
    const audience = { client: clientOf(headers), caller };
    const found = findWorkspace({ headers, readInput: () => undefined, defaultWorkspace });
    const project = await projectNamed(caller.kind, found?.path);
    if (project !== undefined) {
      const policy = callPolicyOf({ project, session: { commandRules: [] } }, audience, undecided);
      if (restricts(policy, await hooksOf(project, audience))) return true;
    }
    // A folder that the caller may not name says nothing.
    const isNamed = project !== undefined && found !== undefined && found.from !== 'default';
    return !isNamed && checkedCallers.has(keyOf(caller));
  };
  const admitWithoutItems = async (exchange: Exchange): Promise<Exchange> => {
    const { api, path, headers } = exchange.request;
    const family = familyOf(pathBelowRoot(path));
    if (isAllowed(family) || !(await areCallsChecked(headers, exchange.caller))) return exchange;
    const member = `"${codecOf(api).request.itemsKey}"`;
    throw refusal(`a call with nothing in ${member}`, 'put the conversation there', family);
  };
  return {
    refuseUnchecked: {
      name: 'refuse-unchecked',
      run: (exchange) => {
        const { request, caller } = exchange;
        // Its answer holds no calls, wherever its conversation is kept.
        if (isCompactionCall(request.path)) return exchange;
        if (exchange.state.get(withoutItemsKey) === true) return admitWithoutItems(exchange);
        if (!isChecked(exchange, undecided)) return exchange;
        checkedCallers.add(keyOf(caller));
        const path = pathOf(request.api);
        if (isAllowed(path)) return exchange;
        const { isAnsweredLater, sealedBy } = codecOf(request.api).request;
        const member = isAnsweredLater(request.json) ? 'background' : sealedBy(request.json);
        if (member === undefined) return exchange;
        throw refusal(`"${member}"`, 'leave it out', path);
      },
    },
    admit: async ({ method, url, headers, isUpgrade }, caller) => {
      const path = pathBelowRoot(url);
      if (!(isUpgrade || mayCarryCalls(method, path)) || isAllowed(path)) return;
      if (!(await areCallsChecked(headers, caller))) return;
      const family = familyOf(path);
      const instead = 'make a call whose answer comes at once (/responses, /chat/completions, /messages)';
      throw refusal(`${isUpgrade ? 'a WebSocket' : method} at ${family}`, instead, family);
    },
  };
}

function familyOf(path: string): string {
  const [family = ''] = /^\/[^/?]*/.exec(path) ?? [];
  return family;
}

function keyOf({ kind, id }: Caller): string {
  return `${kind} ${id ?? ''}`;
}

function isChecked(exchange: Exchange, undecided: Undecided): boolean {
  const place = exchange.state.get(placeKey);
  return place !== undefined && restricts(callPolicyOf(place, exchange, undecided), place.hooks);
}

/** Whether anything of what a model says to this client could be decided otherwise than by the client. */
function restricts(policy: ReturnType<typeof callPolicyOf>, { entries, scripts }: ProjectHooks): boolean {
  return (
    concernsAllTools(policy) ||
    entries.length > 0 ||
    scripts.length > 0 ||
    policy.rules.some(({ behavior }) => behavior !== 'allow')
  );
}

function refusal(what: string, instead: string, path: string): CodexPlusError {
  return new CodexPlusError(
    'calls_unchecked',
    `${what} is refused: its answer may hold tool calls, and the permission rules and hooks that are configured here would not see them; ` +
      `${instead}, or let it through unchecked with "${path}" in passthrough.uncheckedPaths of codex_plus.json`,
  );
}
