import type { Tool } from '@modelcontextprotocol/client';
import { remembered } from '../../../kernel/bounds/remembered.ts';
import { safeDescription } from './safe-definition.ts';
import type { PinPlace, ToolPins } from './tool-pins.ts';

/** What a server says of itself as a whole: remembered, held back and accepted like the definition of a tool of this name. */
export type ServerGuide = readonly Tool[];

const name = 'server-instructions';

/** The same object where the server says the same: what is known of it is kept by it. */
export function guideOf(instructions: string | undefined, before: ServerGuide): ServerGuide {
  if (instructions === before[0]?.description) return before;
  return instructions === undefined
    ? []
    : [{ name, description: instructions, inputSchema: { type: 'object' } }];
}

/** The text as models may have it; empty where there is none, or another one than the user knows. */
export async function usableGuide(
  guide: ServerGuide,
  place: PinPlace,
  pins: ToolPins | undefined,
): Promise<string> {
  return textOf(pins === undefined || guide.length === 0 ? guide : await pins.settle(place, guide));
}

/** The same where nothing has to be looked at; `undefined` where something has. */
export function settledGuide(
  guide: ServerGuide,
  place: PinPlace,
  pins: ToolPins | undefined,
): string | undefined {
  const settled = pins === undefined || guide.length === 0 ? guide : pins.settled(place, guide);
  return settled && textOf(settled);
}

/** Asked at the begin of every turn. */
const textOf = remembered(([said]: ServerGuide) => safeDescription(said?.description ?? ''));
