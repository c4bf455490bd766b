/**
 * Closes parts one after the other, in their order, each whatever became of those before it. Rejects at the end with
 * what failed: with the error itself, or with all of them.
 */
export async function closeAll(closes: readonly (() => unknown)[]): Promise<void> {
  const errors: unknown[] = [];
  for (const close of closes) {
    try {
      await close();
    } catch (error) {
      errors.push(error);
    }
  }
  if (errors.length === 1) throw errors[0];
  if (errors.length > 1) throw new AggregateError(errors, errors.map(String).join('; '));
}
