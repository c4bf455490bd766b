import { resolve } from 'node:path';
import { findGuarded, type GuardedPaths } from './find-guarded.ts';
import type { GuardedWorkspace } from './undo-guarded.ts';
import { isShown, isWithin, planMounts, type Mount } from './sandbox-mounts.ts';
import {
  below,
  existingPlaces,
  findPlace,
  hiddenTrees,
  homePrograms,
  homeSecrets,
  privateFolders,
  programFolders,
  systemSecrets,
  type Place,
} from './sandbox-places.ts';
import type { SandboxPolicy } from './sandbox-policy.ts';

/** What is the same for every command on this machine. */
export interface MachinePlaces {
  readonly homeDir: string;
  readonly hidden: readonly Place[];
  readonly private: readonly Place[];
  readonly programs: readonly Place[];
  readonly secrets: readonly Place[];
  /** Ours: those that are not there yet may come. */
  readonly ownSecrets: readonly string[];
  /** The file with the name servers, where it lies in a hidden place. */
  readonly nameServers: readonly Place[];
}

interface MachineOptions {
  readonly platform: NodeJS.Platform;
  readonly homeDir: string;
  readonly secrets: readonly string[];
  /** The PATH variable. */
  readonly path: string | undefined;
}

/** Looks up once which of the places there are on this machine. */
export async function findMachinePlaces(options: MachineOptions): Promise<MachinePlaces> {
  const { platform, homeDir, secrets, path } = options;
  const home = await findPlace(homeDir);
  // A home folder that is the root folder (some containers) cannot be hidden.
  const homes = home === undefined || home.path === '/' ? [] : [home];
  const programs = await existingPlaces([...programFolders(path), ...below(homeDir, homePrograms)]);
  return {
    homeDir: home?.path ?? homeDir,
    hidden: await existingPlaces(hiddenTrees),
    // macOS knows no folder that only one command sees: there the home folder is hidden, and /tmp is everybody's.
    private: platform === 'linux' ? [...(await existingPlaces(privateFolders)), ...homes] : homes,
    programs: programs.filter((place) => !homes.some((folder) => isWithin(folder.path, place.path))),
    secrets: await existingPlaces(systemSecrets),
    ownSecrets: secrets,
    nameServers: await existingPlaces(['/etc/resolv.conf']),
  };
}

type Plan =
  | {
      readonly kind: 'planned';
      readonly mounts: readonly Mount[];
      /** What of the workspace runs later, outside, as it was; `undefined` where nothing of it may be changed. */
      readonly guarded: GuardedWorkspace | undefined;
    }
  | { readonly kind: 'refused'; readonly reason: string };

/** What a command with this policy sees and may change; refused where the policy would open the machine. */
export async function planSandbox(policy: SandboxPolicy, machine: MachinePlaces): Promise<Plan> {
  const workspace = await findPlace(policy.workspace);
  if (workspace === undefined) return refused(`the folder ${policy.workspace} is missing`);
  const shown = await Promise.all(policy.readable.map((path) => resolved(path, policy, workspace)));
  const changed = await Promise.all(policy.writable.map((path) => resolved(path, policy, workspace)));
  const fault = [...shown, ...changed].find((place) => typeof place === 'string');
  if (fault !== undefined) return refused(fault);
  const writable = changed.filter((place) => typeof place !== 'string');
  const tooMuch = writable.find(({ path }) => path === '/' || isWithin(machine.homeDir, path));
  if (tooMuch !== undefined) {
    return refused(`${tooMuch.path} holds the home folder: open the project in a folder of its own`);
  }
  const mayChange = writable.some(
    ({ path }) => isWithin(path, workspace.path) || isWithin(workspace.path, path),
  );
  const guarded = mayChange ? await findGuarded(workspace.path) : undefined;
  const guards = await guardsOf(workspace, guarded, writable);
  const lists = {
    hidden: machine.hidden,
    private: policy.readRepo ? machine.private : [...machine.private, workspace],
    readable: [
      ...machine.programs,
      ...(policy.readRepo ? [workspace] : []),
      ...shown.filter((place) => typeof place !== 'string'),
      ...(policy.network ? machine.nameServers : []),
      ...guards,
    ],
    writable,
  };
  const open = planMounts({ ...lists, secret: [] });
  const candidates = [...machine.ownSecrets, ...policy.hidden, ...below(machine.homeDir, homeSecrets)];
  const secret = [
    ...machine.secrets,
    ...(await existingPlaces(candidates.filter((path) => isShown(path, open)))),
  ];
  return {
    kind: 'planned',
    mounts: planMounts({ ...lists, secret }),
    guarded: guarded && {
      workspace: workspace.path,
      before: guarded,
      closed: new Set(guards.map(({ path }) => path)),
      writable: writable.map(({ path }) => path),
    },
  };
}

/** The place that a path of the policy leads to, or why it is not taken. */
async function resolved(given: string, policy: SandboxPolicy, workspace: Place): Promise<Place | string> {
  const path = resolve(given);
  const place = await findPlace(path);
  if (place === undefined) return `${path} is missing`;
  // A project could have a link to anywhere; it would be taken for a part of the project.
  const isOfProject = isWithin(path, resolve(policy.workspace)) || isWithin(path, workspace.path);
  const leadsOutside = isOfProject && !isWithin(place.path, workspace.path);
  return leadsOutside ? `${path} is a link that leads out of the project` : place;
}

/** Each costs a mount, and the later ones more than the earlier: those beyond are compared after the run only. */
const maxGuards = 200;

/** What may not be changed in the workspace although it may. */
async function guardsOf(
  workspace: Place,
  guarded: GuardedPaths | undefined,
  writable: readonly Place[],
): Promise<readonly Place[]> {
  const mayChange = (path: string): boolean => writable.some((place) => isWithin(path, place.path));
  const paths = [...(guarded?.states.keys() ?? [])].slice(0, maxGuards);
  const guards = await existingPlaces(paths);
  // A link to elsewhere must not show what is hidden there; what it leads to cannot be changed anyway.
  return guards.filter(({ path }) => isWithin(path, workspace.path) && mayChange(path));
}

function refused(reason: string): Plan {
  return { kind: 'refused', reason };
}
