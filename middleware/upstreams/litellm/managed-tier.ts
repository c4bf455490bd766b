import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ConfigWatch } from './config-watch.ts';
import { Front } from './front.ts';
import { installLitellm } from './install/install.ts';
import { Launcher, type Launch, type Serving } from './launcher.ts';
import type { LitellmTarget } from './litellm-upstream.ts';
import { planStart, whyCannotListen, type StartPlan } from './plan-start.ts';
import { findSparePort } from './ports.ts';
import type { MissingKeys } from '../../platform/config/litellm-missing-keys.ts';
import { StatusBoard } from './status-board.ts';
import type { LitellmStatus, TierOptions } from './tier.ts';

type ServingEvent = 'ended' | 'edited' | 'hung' | 'stopped';

type Start = Launch | { readonly kind: 'fault'; readonly reason: string };

/** Probes that a running LiteLLM may miss, one after the other, before it is taken for hung. */
const missesAllowed = 6;

/** Where the processes listen, each on a port of its own; the configured address is the front's. */
const processHost = '127.0.0.1';

/** Installs, starts and supervises a LiteLLM of our own; a second one takes an edited configuration over. */
export class ManagedTier {
  readonly board: StatusBoard;
  readonly #options: TierOptions;
  readonly #watch: ConfigWatch;
  readonly #stopping = new AbortController();
  #running: Promise<void> | undefined;
  #serving: Serving | undefined;
  #open: Front | undefined;
  /** Of what serves, or is to. */
  #missingKeys: MissingKeys | undefined;

  constructor(options: TierOptions) {
    const { config, timing, now } = options;
    this.#options = options;
    this.board = new StatusBoard('stopped', { models: [] }, now);
    this.#watch = new ConfigWatch(config.configFile, timing.watchInterval);
  }

  get target(): LitellmTarget | undefined {
    const serving = this.#serving;
    return serving === undefined ? undefined : { url: serving.process.url, masterKey: serving.masterKey };
  }

  missingKey(model: string): string | undefined {
    return this.#missingKeys?.variableOf(model);
  }

  start(): void {
    this.#running ??= this.#run();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
  }

  #isStopping(): boolean {
    return this.#stopping.signal.aborted;
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopping;
    try {
      const python = await this.#install();
      if (python !== undefined) await this.#superviseWith(new Launcher(this.#options, python, signal));
    } catch (error) {
      this.#options.log.error('LiteLLM is no longer supervised', { error });
      this.board.show('unavailable', { reason: String(error), models: [] });
    } finally {
      this.#watch.close();
    }
    if (this.#isStopping()) this.board.show('stopped', { models: [] });
  }

  /** The Python that has LiteLLM; `undefined` when there will be none, or when stopping. */
  async #install(): Promise<string | undefined> {
    const { rootDir, env, log, timing } = this.#options;
    const { signal } = this.#stopping;
    while (!this.#isStopping()) {
      this.board.show('installing', { models: [] });
      const result = await installLitellm({ litellmDir: join(rootDir, 'litellm'), env, log, signal });
      if (result.kind === 'installed') return result.python;
      if (this.#isStopping()) break;
      if (result.kind === 'unavailable') {
        await this.#fail('unavailable', result.reason, 0);
        break;
      }
      await this.#fail('backing-off', result.reason, timing.installRetry);
    }
    return undefined;
  }

  async #superviseWith(launcher: Launcher): Promise<void> {
    const { timing, now } = this.#options;
    let failures = 0;
    try {
      while (!this.#isStopping()) {
        const start = await this.#start(launcher);
        const readyAt = now();
        const reason = start.kind === 'serving' ? await this.#serve(start.serving, launcher) : start.reason;
        if (this.#isStopping()) return;
        const wasSteady = start.kind === 'serving' && now() - readyAt >= timing.steadyAfter;
        failures = wasSteady ? 1 : failures + 1;
        const backOff = Math.min(timing.backOffFirst * 2 ** (failures - 1), timing.backOffMax);
        if (start.kind === 'fault') await this.#fail('unavailable', reason, timing.backOffMax);
        else await this.#fail('backing-off', reason, backOff);
      }
    } finally {
      this.#close();
      await launcher.stopAll();
    }
  }

  /** The first start, or one after LiteLLM was gone. */
  async #start(launcher: Launcher): Promise<Start> {
    const planned = await planStart(this.#options, await this.#watch.read());
    if (planned.kind === 'fault') return planned;
    const { plan } = planned;
    const taken = await whyCannotListen(plan, this.#stopping.signal);
    if (taken !== undefined) return { kind: 'failed', reason: taken };
    this.#missingKeys = plan.missingKeys;
    this.board.show('starting', { models: [], missingKeys: plan.missingKeys.byName });
    this.#options.log.info('starting LiteLLM', { port: plan.port });
    const launch = await this.#launch(plan, launcher);
    if (launch.kind === 'failed') return launch;
    try {
      await this.#front(plan).open();
      return launch;
    } catch (error) {
      await launch.serving.process.stop(this.#options.timing.stopGrace);
      return { kind: 'failed', reason: `${plan.host}:${plan.port} cannot be listened on: ${String(error)}` };
    }
  }

  async #launch(plan: StartPlan, launcher: Launcher): Promise<Launch> {
    return launcher.launch({ ...plan, host: processHost }, await findSparePort(processHost));
  }

  /** The configured address: it answers whichever process serves, for whoever calls LiteLLM past the middleware. */
  #front({ host, port }: StartPlan): Front {
    this.#open ??= new Front({ host, port, target: () => this.#serving?.process.url });
    return this.#open;
  }

  /** Nothing serves any more: a refused connection tells it at once. */
  #close(): void {
    this.#serving = undefined;
    this.#missingKeys = undefined;
    this.#open?.close();
  }

  /** Resolves with the reason when LiteLLM is gone, whichever process it was in by then. */
  async #serve(first: Serving, launcher: Launcher): Promise<string> {
    const { log, timing } = this.#options;
    let serving = first;
    this.#take(serving);
    for (;;) {
      const event = await this.#nextEvent(serving);
      if (event === 'edited') {
        serving = await this.#reload(serving, launcher);
        continue;
      }
      this.#close();
      if (event === 'ended') return await serving.process.ended;
      if (event === 'stopped') return 'stopped';
      log.error('LiteLLM hangs: ending it', { probes: missesAllowed });
      await serving.process.stop(timing.stopGrace);
      return 'LiteLLM did not answer any more';
    }
  }

  async #nextEvent({ process }: Serving): Promise<ServingEvent> {
    const over = new AbortController();
    const signal = AbortSignal.any([this.#stopping.signal, over.signal]);
    const ended = process.ended.then((): ServingEvent => 'ended');
    const edited = this.#watch.changed.then((): ServingEvent => 'edited');
    try {
      return await Promise.race([ended, edited, this.#untilHung(process, signal)]);
    } finally {
      over.abort();
    }
  }

  async #untilHung(process: Serving['process'], signal: AbortSignal): Promise<ServingEvent> {
    const { timing } = this.#options;
    let misses = 0;
    while (misses < missesAllowed) {
      // An abort is seen by the line after.
      await sleep(timing.probeInterval, undefined, { signal }).catch(() => undefined);
      if (signal.aborted) return 'stopped';
      misses = (await process.whyNotAlive(signal, timing.probeTimeout)) === undefined ? 0 : misses + 1;
    }
    return signal.aborted ? 'stopped' : 'hung';
  }

  /** The process that serves after an edit: a new one, or, when the edit is no good, the one before. */
  async #reload(current: Serving, launcher: Launcher): Promise<Serving> {
    this.board.show('reloading', this.#details(current));
    const planned = await planStart(this.#options, await this.#watch.read());
    if (planned.kind === 'fault') return this.#keep(current, planned.reason);
    this.#options.log.info('the configuration of LiteLLM was edited and is sound: starting a second process');
    const launch = await this.#launch(planned.plan, launcher);
    if (launch.kind === 'failed') return this.#keep(current, launch.reason);
    this.#take(launch.serving);
    launcher.retire(current.process).catch((error: unknown) => {
      this.#options.log.error('the process of LiteLLM that was replaced could not be ended', { error });
    });
    return launch.serving;
  }

  #keep(current: Serving, reason: string): Serving {
    if (this.#isStopping()) return current;
    this.#options.log.error(
      `the edited configuration of LiteLLM is not used, the one before stays: ${reason}`,
    );
    this.board.show('ready', { ...this.#details(current), reason });
    return current;
  }

  #take(serving: Serving): void {
    const { config, log } = this.#options;
    const { process, models, warnings, missingKeys } = serving;
    this.#serving = serving;
    this.#missingKeys = missingKeys;
    void process.ended.then(() => {
      if (this.#serving === serving) this.#serving = undefined;
    });
    // The address that stays, and the one behind it that each start and reload moves.
    log.info(`LiteLLM is ready at ${config.url}`, { pid: process.pid, processUrl: process.url, models });
    for (const warning of warnings) log.warn(warning);
    if (models.length > 0 && models.every((name) => missingKeys.byName[name] !== undefined)) {
      const variables = [...new Set(Object.values(missingKeys.byName))].join(', ');
      log.warn(`no model can be called: set one of ${variables} and start again; a ChatGPT login needs none`);
    }
    this.board.show('ready', this.#details(serving));
  }

  /** Tells what is wrong and pauses before the next try: less long when the configuration is edited, or when stopping. */
  async #fail(state: 'backing-off' | 'unavailable', reason: string, pauseMs: number): Promise<void> {
    const { log } = this.#options;
    const next = state === 'backing-off' ? `; trying again in ${pauseMs / 1000} s` : '';
    if (this.board.status.reason !== reason) log.error(`LiteLLM is not there: ${reason}${next}`);
    this.board.show(state, { reason, models: [] });
    const over = new AbortController();
    const signal = AbortSignal.any([this.#stopping.signal, over.signal]);
    const waited = sleep(pauseMs, undefined, { signal }).catch(() => undefined);
    await Promise.race([waited, this.#watch.changed]);
    over.abort();
  }

  #details({ models, warnings, missingKeys }: Serving): Omit<LitellmStatus, 'state' | 'since'> {
    const { url } = this.#options.config;
    return { url, models, missingKeys: missingKeys.byName, ...(warnings.length > 0 ? { warnings } : {}) };
  }
}
