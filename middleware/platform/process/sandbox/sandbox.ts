import { BoundedMap } from '../../../kernel/bounds/bounded-map.ts';
import { probeBubblewrap, wrapWithBubblewrap, type Bubblewrap } from './bubblewrap.ts';
import { sandboxEnvironment } from './sandbox-environment.ts';
import { findMachinePlaces, planSandbox, type MachinePlaces } from './sandbox-plan.ts';
import type { SandboxCommand, SandboxPolicy } from './sandbox-policy.ts';
import { seatbeltFault, seatbeltRules, wrapWithSeatbelt } from './seatbelt.ts';
import { undoGuarded } from '../guarded/undo-guarded.ts';

interface SandboxOptions {
  /** `off` runs commands with nothing but their environment filtered. */
  readonly mode: 'required' | 'off';
  readonly platform: NodeJS.Platform;
  /** Our own environment, of which commands get a small part. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Absolute path of the user's home folder. */
  readonly homeDir: string;
  /** What is ours alone, absolute: the folder of our state, files with keys. */
  readonly secrets: readonly string[];
  /** Variables that no command gets even when it declares them: the keys that we call providers with. */
  readonly withheldEnv: readonly string[];
}

export interface SandboxStatus {
  readonly available: boolean;
  readonly kind: 'bubblewrap' | 'seatbelt' | 'none';
  /** Why there is none, and what helps; `undefined` when there is one. */
  readonly reason: string | undefined;
}

/** What `run` is to start in place of the command, or why nothing may be started. */
export type WrappedCommand =
  | {
      readonly kind: 'ready';
      readonly file: string;
      readonly args: readonly string[];
      readonly env: Readonly<Record<string, string>>;
      /**
       * To be called once the command has ended: moves away what it made that would run later, outside, and tells it as a
       * sentence; `undefined` where there is nothing of the kind.
       */
      readonly undo: () => Promise<string | undefined>;
      /** What the user has to know of runs in this project, for whoever can tell it first: it is taken once. */
      readonly takeNote: () => string | undefined;
    }
  | { readonly kind: 'refused'; readonly reason: string };

export interface Sandbox {
  /** Whether this machine has a sandbox; found out once, when it is first asked. */
  readonly status: () => Promise<SandboxStatus>;
  /** The command with the operating system's sandbox around it. Without a sandbox it is refused, never run bare. */
  readonly wrap: (command: SandboxCommand, policy: SandboxPolicy) => Promise<WrappedCommand>;
}

interface Machine {
  readonly status: SandboxStatus;
  readonly places: MachinePlaces;
  readonly bubblewrap?: Bubblewrap | undefined;
}

/** The sandbox of this machine: bubblewrap on Linux, seatbelt on macOS. */
export function createSandbox(options: SandboxOptions): Sandbox {
  let machine: Promise<Machine> | undefined;
  const noted = new BoundedMap<string, string>(maxNoted);
  const known = (): Promise<Machine> => (machine ??= findMachine(options));
  return {
    status: async () => (await known()).status,
    wrap: async (command, policy) => {
      const env = environmentOf(options, command, policy);
      if (options.mode === 'off') {
        return {
          kind: 'ready',
          file: command.file,
          args: command.args,
          env,
          undo: nothingToUndo,
          takeNote: nothingToTell,
        };
      }
      const { status, places, bubblewrap } = await known();
      if (status.reason !== undefined) return { kind: 'refused', reason: status.reason };
      const plan = await planSandbox(policy, places);
      if (plan.kind === 'refused') return plan;
      const { mounts, guarded } = plan;
      const takeNote = (): string | undefined => {
        if (plan.note === undefined || noted.get(policy.workspace) === plan.note) return undefined;
        noted.set(policy.workspace, plan.note);
        return plan.note;
      };
      const undo = guarded === undefined ? nothingToUndo : () => undoGuarded(guarded);
      const started =
        bubblewrap === undefined
          ? await wrapWithSeatbelt(command, seatbeltRules(mounts, policy))
          : wrapWithBubblewrap(command, {
              ...bubblewrap,
              mounts,
              network: policy.network,
              view: policy.view,
            });
      return { kind: 'ready', env, undo, takeNote, ...started };
    },
  };
}

/** Projects whose notes are remembered. */
const maxNoted = 1_000;

const nothingToUndo = (): Promise<undefined> => Promise.resolve(undefined);

const nothingToTell = (): undefined => undefined;

async function findMachine(options: SandboxOptions): Promise<Machine> {
  const places = await findMachinePlaces({ ...options, path: options.env['PATH'] });
  return { ...(await findSandbox(options)), places };
}

type Found = Omit<Machine, 'places'>;

async function findSandbox({ mode, platform, env }: SandboxOptions): Promise<Found> {
  if (mode === 'off') return none('sandbox.mode is off');
  if (platform === 'linux') {
    const probe = await probeBubblewrap(env['PATH']);
    if (probe.kind === 'fails') return none(refusal(probe.reason));
    return {
      status: { available: true, kind: 'bubblewrap', reason: undefined },
      bubblewrap: probe.bubblewrap,
    };
  }
  if (platform === 'darwin') {
    const fault = await seatbeltFault();
    if (fault !== undefined) return none(refusal(fault));
    return { status: { available: true, kind: 'seatbelt', reason: undefined } };
  }
  return none(refusal(`there is none for ${platform}`));
}

function refusal(reason: string): string {
  return (
    `nothing is run without a sandbox, and ${reason}; ` +
    'or set sandbox.mode to "off" (CODEX_PLUS_SANDBOX_MODE=off) to run without one'
  );
}

function none(reason: string): Found {
  return { status: { available: false, kind: 'none', reason } };
}

function environmentOf(
  { mode, platform, env, homeDir, withheldEnv }: SandboxOptions,
  command: SandboxCommand,
  policy: SandboxPolicy,
): Readonly<Record<string, string>> {
  const hasFoldersOfItsOwn = mode === 'required' && platform === 'linux';
  return sandboxEnvironment({
    own: env,
    declared: policy.readEnv,
    withheld: withheldEnv,
    extra: command.env ?? {},
    fixed: hasFoldersOfItsOwn ? { HOME: homeDir, TMPDIR: '/tmp' } : {},
  });
}
