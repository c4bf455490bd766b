import { InvalidArgumentError } from 'commander';
import { hookEvents, isHookEvent, type HookEvent } from '../../features/hooks/hook-event.ts';
import { isJsonObject, type JsonObject } from '../../kernel/json-object.ts';
import { closestName } from '../../platform/config/closest-name.ts';

/** The event that an argument names. */
export function eventArgument(name: string): HookEvent {
  if (isHookEvent(name)) return name;
  const closest = closestName(name, hookEvents);
  const hint = closest === undefined ? `Events are ${hookEvents.join(', ')}.` : `Did you mean ${closest}?`;
  throw new InvalidArgumentError(hint);
}

/** A number of seconds above 0. */
export function secondsArgument(text: string): number {
  const seconds = Number(text);
  if (Number.isFinite(seconds) && seconds > 0) return seconds;
  throw new InvalidArgumentError('It must be a number of seconds above 0.');
}

/** The number that the list gives a hook. */
export function numberArgument(text: string): number {
  if (/^[1-9]\d*$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It must be a number of codex-plus hooks list.');
}

/** A JSON object. */
export function objectArgument(text: string): JsonObject {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new InvalidArgumentError('It is not JSON.');
  }
  if (isJsonObject(value)) return value;
  throw new InvalidArgumentError('It must be a JSON object.');
}
