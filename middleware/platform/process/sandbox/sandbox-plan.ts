import { resolve } from 'node:path';
import { findGuarded, type GuardedPaths } from '../guarded/find-guarded.ts';
import { findLeads } from '../guarded/find-leads.ts';
import { isFolderState } from '../guarded/guarded-state.ts';
import { guardedContents, maxContents } from '../guarded/guarded-contents.ts';
import { movedAway } from '../guarded/moved-away.ts';
import { overgrown } from '../guarded/overgrown.ts';
import { isShown, isWithin, planMounts, type Mount } from '../guarded/sandbox-mounts.ts';
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
} from '../guarded/sandbox-places.ts';
import type { SandboxPolicy } from './sandbox-policy.ts';
import { unguardedNote } from '../guarded/unguarded-note.ts';
import { isInGuarded, type GuardedWorkspace } from '../guarded/undo-guarded.ts';

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
      /** Where not all of the workspace is guarded, what is not. */
      readonly note: string | undefined;
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
  const since = movedAway.next;
  const before = mayChange ? await findGuarded(workspace.path, machine.homeDir) : undefined;
  const grown = before && overgrown.folderIn(workspace.path, before.wholeTo);
  if (grown !== undefined) return refused(tooGrown(grown));
  const { states, leads, note } = await guardedIn(before, workspace, writable);
  const { mounted, beyond } = await guardsOf(workspace, new Map([...states, ...leads]), writable);
  const contents = await guardedContents(beyond, workspace.path);
  if (contents === undefined) return refused(tooMuchGuarded);
  const lists = {
    hidden: machine.hidden,
    private: policy.readRepo ? machine.private : [...machine.private, workspace],
    readable: [
      ...machine.programs,
      ...(policy.readRepo ? [workspace] : []),
      ...shown.filter((place) => typeof place !== 'string'),
      ...(policy.network ? machine.nameServers : []),
      ...mounted,
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
    note,
    mounts: planMounts({ ...lists, secret }),
    guarded: before && {
      ...{ workspace: workspace.path, homeDir: machine.homeDir, before, since, leads, contents },
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

/**
 * Each costs a mount, and the later ones more than the earlier: of those beyond, what is in them is compared after
 * the run.
 */
const maxGuards = 200;

const tooMuchGuarded =
  `the project has more than ${maxGuards} files and folders that run later, outside (.git, .vscode and the like), ` +
  `and those beyond hold more than ${maxContents} files: let the command change one folder of it only, or open that as the project`;

function tooGrown(folder: string): string {
  return (
    `a command made so many folders in ${folder} that not all of the project can be looked into for what runs later, outside ` +
    '(.git, .vscode and the like): remove those folders, or restart the middleware if they are to stay'
  );
}

interface Guards {
  readonly mounted: readonly Place[];
  /** As they were found, and not mounted. */
  readonly beyond: readonly string[];
}

interface Guarded {
  /** Without what lies in another of them. */
  readonly states: ReadonlyMap<string, string>;
  /** Links in them that lead out of them. */
  readonly leads: ReadonlyMap<string, string>;
  readonly note: string | undefined;
}

async function guardedIn(
  guarded: GuardedPaths | undefined,
  workspace: Place,
  writable: readonly Place[],
): Promise<Guarded> {
  if (guarded === undefined) return { states: new Map(), leads: new Map(), note: undefined };
  const named = writable.map(({ path }) => path);
  const outer = [...guarded.states].filter(([path]) => !isInGuarded(path, guarded, named));
  const { states: leads, isWhole } = await findLeads(guarded, workspace.path);
  return { states: new Map(outer), leads, note: unguardedNote({ ...guarded, areLinksWhole: isWhole }) };
}

/** What may not be changed in the workspace although it may: guarded paths, and what links in them lead to. */
async function guardsOf(
  workspace: Place,
  guarded: ReadonlyMap<string, string>,
  writable: readonly Place[],
): Promise<Guards> {
  const named = writable.map(({ path }) => path);
  const mayChange = (path: string): boolean => named.some((place) => isWithin(path, place));
  const places = await Promise.all(
    [...guarded].map(async ([found, state]) => ({ found, state, real: await findPlace(found) })),
  );
  // A link to elsewhere must not show what is hidden there; what it leads to cannot be changed anyway.
  const own = places.flatMap(({ found, real }) =>
    real !== undefined && isWithin(real.path, workspace.path) && mayChange(real.path)
      ? [{ found, real }]
      : [],
  );
  // Bubblewrap is given names as UTF-8: what has another cannot be mounted.
  const unnamed = places.filter(({ state, real }) => real === undefined && isFolderState(state));
  return {
    mounted: own.slice(0, maxGuards).map(({ real }) => real),
    beyond: [
      ...own
        .slice(maxGuards)
        .flatMap(({ found, real }) => (real.isFolder && !named.includes(real.path) ? [found] : [])),
      ...unnamed.map(({ found }) => found),
    ],
  };
}

function refused(reason: string): Plan {
  return { kind: 'refused', reason };
}
