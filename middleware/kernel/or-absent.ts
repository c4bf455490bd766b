import { codeOf } from './errors.ts';

/**
 * What a look at the disk finds; `undefined` where the system has nothing there, or does not let us look. Other
 * faults are thrown.
 */
export async function orAbsent<T>(found: Promise<T>): Promise<T | undefined> {
  try {
    return await found;
  } catch (error) {
    if (codeOf(error) === undefined) throw error;
    return undefined;
  }
}
