/** How many times as large the larger input is. Work that grows with the square takes 64 times as long. */
const usualFactor = 8;
/** How many times longer than in proportion is too long: at a factor of 32, what grows with a power of 1.32. */
const slack = 3;
/** A machine that is busy with other things, or a first run that is compiled, makes single figures wrong. */
const tries = 6;
/** Below this the clock of the processor tells nothing. */
const smallestMs = 0.5;

/**
 * Holds that the work for an input grows no faster than the input, well below its square. Compared is the time that
 * the processor spent, of one run with that of another in the same process, so that a slow machine changes nothing.
 */
export async function growsLinearly<Input>(
  make: (size: number) => Input,
  work: (input: Input) => unknown,
  size: number,
  factor = usualFactor,
): Promise<void> {
  const limit = factor * slack;
  const [small, large] = [make(size), make(size * factor)];
  const ratios: number[] = [];
  for (let attempt = 0; attempt < tries; attempt += 1) {
    const ratio = (await spentMs(large, work)) / Math.max(smallestMs, await spentMs(small, work));
    if (ratio < limit) return;
    ratios.push(Math.round(ratio));
  }
  throw new Error(`an input ${factor} times as large took ${ratios.join(', ')} times the work`);
}

async function spentMs<Input>(input: Input, work: (input: Input) => unknown): Promise<number> {
  const before = process.cpuUsage();
  await work(input);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}
