import type { IncomingMessage } from 'node:http';
import type { ComposeOptions } from './composition/compose-options.ts';
import { composeAdmission, type Admit } from './composition/compose-admission.ts';
import { composeBuiltIns } from './composition/compose-built-ins.ts';
import { composeCodex } from './composition/compose-codex.ts';
import { composeCommands, composeProjects, type Projects } from './composition/compose-commands.ts';
import { closeAll } from './composition/close-all.ts';
import { closeObservers } from './composition/close-observers.ts';
import { composeGateway } from './composition/compose-gateway.ts';
import { composeHooks, type Hooks } from './composition/compose-hooks.ts';
import { composeMcp, composeToolOffers } from './composition/compose-mcp.ts';
import { composeModelRoutes, composeModels } from './composition/compose-models.ts';
import { composeUpstreams, type Upstreams } from './composition/compose-upstreams.ts';
import { composeUsage } from './composition/compose-usage.ts';
import { healthReport } from './composition/health-report.ts';
import { createSentencesFilter } from './features/accessibility/sentences.ts';
import { SeenClients } from './features/clients/seen-clients.ts';
import { builtInCommands } from './features/commands/built-in-commands.ts';
import { helpPage } from './features/commands/help/help-page.ts';
import { renderHelp } from './features/commands/help/render-help.ts';
import { listPrompts } from './features/mcp/contents/list-prompts.ts';
import type { McpServers } from './features/mcp/mcp-servers.ts';
import { HookRuns } from './features/hooks/run/hook-runs.ts';
import { createCallerKeys, type CallerKeys } from './features/identity/caller-keys.ts';
import { unauthorized } from './features/identity/unauthorized.ts';
import type { UsageLedger } from './features/usage/usage-ledger.ts';
import { createAccessLog } from './features/observe/access-log.ts';
import { createExchangeMetrics } from './features/observe/exchange-metrics.ts';
import { createFailingModels, type FailingModels } from './features/observe/failing-models.ts';
import { createApp } from './http/app.ts';
import { createBodyBudget } from './http/read/body-budget.ts';
import type { BodyLimits } from './http/read/read-body.ts';
import { createCors } from './http/cors.ts';
import { createOriginGuard } from './http/guard-origin.ts';
import { createPassthroughLane, type PassthroughLane } from './http/passthrough.ts';
import { createHelpRoute } from './http/routes/help.ts';
import { createHealthRoutes, type HealthReport } from './http/routes/health.ts';
import { createMetricsRoute } from './http/routes/metrics.ts';
import { createHomeRoutes } from './http/routes/home.ts';
import { createVersionRoute } from './http/routes/version.ts';
import { createExchangeLane } from './http/serve-exchange.ts';
import { createRequestHandler, type RequestHandler } from './http/request-handler.ts';
import { isWebSocket } from './http/upgrade.ts';
import type { AnswerFilter } from './kernel/answer-filter.ts';
import type { Observer } from './kernel/outcome.ts';
import type { RequestStage } from './kernel/stage.ts';
import type { AnswerStep } from './pipeline/answer/answer-step.ts';
import { createAnswerStepsFilter } from './pipeline/answer/answer-steps-filter.ts';
import { hideTypedSecrets } from './pipeline/request/commands/hide-typed-secrets.ts';
import { createAskFurtherStage } from './pipeline/request/ask-further.ts';
import { createResolveApprovalStage } from './pipeline/request/resolve-approval.ts';
import { createRestoreHistoryStage } from './pipeline/request/restore-history.ts';
import { createFollowAnswerStage } from './pipeline/request/follow-answer.ts';
import type { UncheckedAnswers } from './pipeline/request/unchecked-answers.ts';
import { createWalk } from './pipeline/walk.ts';
import { settingName } from './platform/config/settings-place.ts';
import { createMetrics, type Metrics } from './platform/telemetry/metrics.ts';
import { createPassthroughRoute } from './upstreams/route/passthrough-route.ts';

/** The middleware put together; nothing listens yet. */
export interface Middleware {
  readonly handler: RequestHandler;
  readonly steps: Steps;
  /** Ends sessions, servers, observers and connections, once nothing runs any more. Rejects at the end if one could not be ended. */
  readonly close: () => Promise<void>;
}

/** What an exchange goes through, in order. */
interface Steps {
  readonly stages: readonly RequestStage[];
  readonly filters: readonly AnswerFilter[];
  /** What takes part in answers, all in the first of the filters. */
  readonly answerSteps: readonly AnswerStep[];
}

interface LaneParts {
  readonly admit: Admit;
  readonly keys: CallerKeys;
  readonly walk: ReturnType<typeof createWalk>;
  readonly metrics: Metrics;
  readonly observers: readonly Observer[];
  readonly bodies: BodyLimits;
}

interface ObserverParts {
  readonly metrics: Metrics;
  readonly clients: SeenClients;
  readonly failing: FailingModels;
  readonly hooks: Hooks;
  readonly usage: UsageLedger | undefined;
}

/** Puts the parts together: which stages a model call walks through, where calls go, and who watches. */
export function compose(options: ComposeOptions): Middleware {
  const { config, log, version } = options;
  const metrics = createMetrics();
  const keys = createCallerKeys(config.server.apiKeys, options.keyless);
  const admit = composeAdmission(options);
  const upstreams = composeUpstreams(options, metrics, () => codex?.upstream);
  const bodies = bodyLimits(options);
  const models = composeModels(options);
  const codex = composeCodex(options, {
    ...upstreams,
    bodies,
    models: models.ofProviders,
    metrics,
  });
  const clients = new SeenClients({ testedCodexVersions: version.testedCodexVersions, log });

  const projects = composeProjects(options, () => mcp);
  const isDraining = (): boolean => handler.isDraining();
  const { report, failing } = createReport(options, { upstreams, clients, isDraining, codex });
  const mcp: McpServers = composeMcp(options, projects, metrics);
  const hookRuns = new HookRuns();
  const builtIns = composeBuiltIns(options, { projects, mcp, hookRuns, health: () => report().details });

  const hooks = composeHooks(options, { projects, mcp, hookRuns, metrics, ...upstreams });

  const steps = stepsOf(options, { projects, builtIns, mcp, hooks, upstreams });
  const walk = createWalk({ ...steps, send: hooks.watched, limits: config.limits });
  const usage = composeUsage(options);
  const observers = observersOf(options, { metrics, clients, failing, hooks, usage: usage.ledger });
  const exchange = composeLane(options, { admit, keys, walk, metrics, observers, bodies });
  const passthrough = composePassthrough(options, { ...hooks, upstreams, admit, keys, bodies });
  const gateway = composeGateway(options, { projects, hooks, mcp, keys, metrics, report });
  const help = createHelp(projects, keys, mcp);
  const isKnown = (req: IncomingMessage): boolean => keys.identify(req.rawHeaders) !== undefined;
  const lists = composeModelRoutes(options, { models, isKnown, streams: () => codex?.streams() ?? 0 });
  const app = createApp({
    open: [
      ...composeOpen(version, report, { ...upstreams, isKnown, openNames: lists.openNames }),
      ...lists.open,
      gateway.mark,
    ],
    guarded: [createMetricsRoute(metrics), usage.route, lists.guarded, help, gateway.router],
    ...{ isKnown, passthrough, log },
  });
  const guard = createOriginGuard(config.server, (setting) =>
    settingName(options.settingsPlace, `server.${setting}`),
  );
  const { drain: onDrain } = gateway;
  const handler = createRequestHandler({
    ...{ exchange, app, passthrough, guard, log, onDrain },
    cors: createCors(config.server.allowedOrigins),
  });
  const close = (): Promise<void> =>
    closeAll([
      gateway.close,
      hooks.close,
      // Behind the hooks, which may call them until their sessions have ended.
      mcp.close,
      () => codex?.close(),
      // Calls that were not over end with Codex, and are told.
      () => exchange.untilOver().then(() => closeObservers(observers, log)),
      // Behind those that call it.
      upstreams.close,
    ]);
  return { handler, steps, close };
}

interface StepParts {
  readonly projects: Projects;
  readonly builtIns: ReturnType<typeof composeBuiltIns>;
  readonly mcp: McpServers;
  readonly hooks: Hooks;
  readonly upstreams: Upstreams;
}

/** What model calls go through. */
function stepsOf(options: ComposeOptions, { projects, builtIns, mcp, hooks, upstreams }: StepParts): Steps {
  return {
    stages: [
      // Before whatever reads the conversation: part of it may be known to us alone.
      createFollowAnswerStage(projects.sessions),
      // The user's word on what we asked about is no prompt.
      createResolveApprovalStage(projects),
      // Before whatever reads the prompt: a command's prompt is the one that counts.
      composeCommands(options, { projects, builtIns, mcp }),
      // Behind the command that takes them; before hooks and models read them.
      hideTypedSecrets,
      // They may refuse the prompt, or add to it.
      hooks.promptHooks,
      // Behind them: whose call it is, is known then.
      hooks.unchecked.refuseUnchecked,
      // Behind all that changes the conversation; and behind the hooks, for what a client did not run has none.
      ...[createRestoreHistoryStage(projects), createAskFurtherStage(projects.sessions)],
      // Last: the tools that the client has are those that the stages before leave it.
      ...composeToolOffers(options, { projects, mcp, hooks, models: upstreams.models }),
    ],
    answerSteps: hooks.answerSteps,
    filters: filtersOf(options, projects, hooks),
  };
}

/** What may change an answer, in order. */
function filtersOf(
  { config }: ComposeOptions,
  { sessions }: Projects,
  hooks: Hooks,
): readonly AnswerFilter[] {
  return [
    createAnswerStepsFilter({
      ...{ sessions, limits: config.limits },
      send: hooks.watched,
      steps: hooks.answerSteps,
    }),
    // Last, so that it streams the text that the others made.
    createSentencesFilter({ always: config.accessibility.sentences }),
  ];
}

/** One bound for both lanes. */
function bodyLimits({ config, settingsPlace }: ComposeOptions): BodyLimits {
  const { maxBodyBytes: maxBytes, maxBodyBytesInFlight, bodyIdleMs: idleMs } = config.server;
  const serverSetting = (setting: string): string => settingName(settingsPlace, `server.${setting}`);
  const shareOf = createBodyBudget(maxBodyBytesInFlight, serverSetting('maxBodyBytesInFlight'));
  return { maxBytes, idleMs, shareOf, settingName: serverSetting };
}

function createReport(
  options: ComposeOptions,
  parts: Omit<Parameters<typeof healthReport>[1], 'startedAt' | 'failing'>,
): { readonly report: () => HealthReport; readonly failing: FailingModels } {
  const startedAt = Date.now();
  const failing = createFailingModels(() => new Date());
  return { failing, report: () => healthReport(options, { ...parts, failing, startedAt }) };
}

function composeLane(
  { config, log }: ComposeOptions,
  { admit, keys, walk, metrics, observers, bodies }: LaneParts,
): ReturnType<typeof createExchangeLane> {
  const { keepaliveMs } = config.server;
  return createExchangeLane({
    ...{ admit, bodies, keepaliveMs, walk, observers, log },
    callerOf: keys.identify,
    activity: metrics,
  });
}

/** Who watches, in order. */
function observersOf(
  { config, log }: ComposeOptions,
  { metrics, clients, failing, hooks, usage }: ObserverParts,
): readonly Observer[] {
  return [
    createExchangeMetrics(metrics),
    // A call that failed is told by status and doctor, until one works.
    failing,
    clients,
    hooks.observer,
    ...(usage === undefined ? [] : [usage]),
    // Last: its line says that all the others have seen the exchange.
    ...(config.log.access ? [createAccessLog(log)] : []),
  ];
}

interface PassthroughParts {
  readonly upstreams: Upstreams;
  readonly admit: Admit;
  readonly keys: CallerKeys;
  readonly unchecked: UncheckedAnswers;
  readonly bodies: BodyLimits;
}

function composePassthrough(
  { config, env, log, litellm }: ComposeOptions,
  {
    upstreams: { breaker, notReadyReason, passing, cleanWords },
    admit,
    keys,
    unchecked,
    bodies,
  }: PassthroughParts,
): PassthroughLane {
  const chooseHop = createPassthroughRoute({
    litellm: () => (breaker.state === 'open' ? undefined : litellm.target()),
    notReadyReason,
    chatgpt: config.chatgpt,
    withoutOurKeys: keys.withoutOurKeys,
    ...passing,
  });
  return createPassthroughLane({
    chooseHop: async (req: IncomingMessage) => {
      const { method = 'GET', url = '/', rawHeaders: headers } = req;
      const caller = keys.identify(headers);
      admit(req, caller);
      if (caller === undefined) throw unauthorized();
      const hop = chooseHop(req);
      await unchecked.admit({ ...{ method, url, headers }, isUpgrade: isWebSocket(req) }, caller);
      return hop;
    },
    bodies,
    cleanWords,
    limits: config.timeouts,
    webSocketIdleMs: config.server.webSocketIdleMs,
    proxyEnv: env,
    onFinished: ({ error, ...request }) => {
      // The client of an `internal` error was told that the log has its reason.
      const reason = error?.code === 'internal' ? error.cause : error?.message;
      log[error?.code === 'internal' ? 'error' : 'info']('passthrough', { ...request, error: reason });
    },
  });
}

interface OpenParts extends Pick<Upstreams, 'notReadyReason' | 'servedNow'> {
  readonly isKnown: (req: IncomingMessage) => boolean;
  readonly openNames: readonly string[];
}

/** What is answered to everybody; `/` tells the state of both tiers in words. */
function composeOpen(
  version: ComposeOptions['version'],
  report: () => HealthReport,
  { notReadyReason, ...health }: OpenParts,
): Parameters<typeof createApp>[0]['open'] {
  const states = (): readonly string[] => {
    const { draining, notReadyReason: why } = report();
    const tier = notReadyReason();
    const told = `Codex-Plus: ${draining ? 'stopping' : (why ?? 'answers model calls')}`;
    return why === tier ? [told] : [told, tier];
  };
  return [
    createHealthRoutes({ report, ...health }),
    createVersionRoute({ ...version }),
    createHomeRoutes(version.version, states),
  ];
}

/** `/help` for a browser: the same list, without a conversation. */
function createHelp(
  { projectNamed, catalog }: Projects,
  keys: CallerKeys,
  servers: McpServers,
): ReturnType<typeof createHelpRoute> {
  return createHelpRoute(async ({ rawHeaders }, workspace) => {
    const project = await projectNamed(keys.identify(rawHeaders)?.kind ?? 'key', workspace);
    const commands = await catalog.list(project?.commandFolders ?? []);
    const faults = await catalog.faults(project?.commandFolders ?? []);
    const place = project && { project, conversation: 'the page of commands' };
    // For a page that is looked at, nothing is started.
    const options = { servers, signal: new AbortController().signal, waitMs: 0 };
    const prompts = place === undefined ? [] : (await listPrompts(place, options)).commands;
    return helpPage(renderHelp({ commands, builtIns: builtInCommands, prompts, pattern: undefined, faults }));
  });
}
