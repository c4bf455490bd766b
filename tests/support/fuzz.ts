import fc from 'fast-check';

/** A seed that stays: what a run of `npm test` finds today, it finds tomorrow. */
const fixedSeed = 20_261_128;

/**
 * Holds a property for random inputs. `npm test` tries `runs` of them from a fixed seed; `npm run fuzz` sets
 * `FUZZ_FACTOR`, so that many times as many, from a seed of its own (`FUZZ_SEED` repeats one). A failure prints the
 * seed and the smallest input that shows it, which belongs into a test of its own.
 */
export async function holds<Values extends readonly unknown[]>(
  inputs: { readonly [Index in keyof Values]: fc.Arbitrary<Values[Index]> },
  property: (...values: Values) => void | Promise<void>,
  runs = 100,
): Promise<void> {
  const factor = Number(process.env['FUZZ_FACTOR'] ?? 1);
  const seed = Number(process.env['FUZZ_SEED'] ?? fixedSeed);
  const arbitraries = inputs as unknown as [fc.Arbitrary<Values[number]>];
  await fc.assert(
    fc.asyncProperty(...arbitraries, async (...values: unknown[]) => {
      await property(...(values as unknown as Values));
    }),
    { numRuns: runs * factor, seed, endOnFailure: false, plugins: [fc.timeout(20_000)] },
  );
}
