import { isJsonObject, type JsonObject } from '../../../kernel/json-object.ts';

/** What several rounds used together: every count is summed, of anything else the later one stands. */
export function sumUsage(
  first: JsonObject | undefined,
  second: JsonObject | undefined,
): JsonObject | undefined {
  if (first === undefined || second === undefined) return second ?? first;
  const sum: Record<string, unknown> = { ...first };
  for (const [key, value] of Object.entries(second)) sum[key] = added(first[key], value);
  return sum;
}

function added(before: unknown, value: unknown): unknown {
  if (typeof before === 'number' && typeof value === 'number') return before + value;
  if (isJsonObject(before) && isJsonObject(value)) return sumUsage(before, value);
  return value ?? before;
}
