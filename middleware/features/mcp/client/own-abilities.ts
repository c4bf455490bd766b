import { basename } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Launch } from '../launch.ts';
import type { Abilities } from './abilities.ts';

/** A folder, as a server is told it. */
export interface Root {
  readonly uri: string;
  readonly name: string;
}

/** What a server may ask of us ourselves: the user and the model of a conversation, and which folder it works for. */
export function ownAbilities(launch: Launch): Abilities {
  return { ...abilitiesOutside(launch), ...(launch.mayAskModel && { sampling: {} }) };
}

/** Where there is no conversation, whose model could be asked. */
export function abilitiesOutside(launch: Launch): Abilities {
  return { elicitation: { form: {}, url: {} }, ...(rootOf(launch) !== undefined && { roots: {} }) };
}

/** Servers elsewhere, and those that serve all projects, need not know where on this machine somebody works. */
export function rootOf(launch: Launch): Root | undefined {
  if (launch.kind !== 'stdio' || launch.root === undefined) return undefined;
  return { uri: pathToFileURL(launch.root).href, name: basename(launch.root) };
}
