/** The known name that differs from a written one by at most two typing errors; `undefined` when none comes so near. */
export function closestName(written: string, known: readonly string[]): string | undefined {
  let closest: string | undefined;
  let fewest = Math.min(2, Math.floor(written.length / 3));
  for (const name of known) {
    const edits = editDistance(written, name);
    if (edits > 0 && edits <= fewest) {
      closest = name;
      fewest = edits - 1;
    }
  }
  return closest;
}

/**
 * Characters to insert, delete, replace or swap with their neighbour to get from one word to the other (Damerau and
 * Levenshtein).
 */
function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, i) => i);
  let above: number[] = [];
  for (let i = 1; i <= from.length; i++) {
    const twoAbove = above;
    above = row;
    row = [i];
    for (let j = 1; j <= to.length; j++) {
      const replaced = (above[j - 1] ?? 0) + (from[i - 1] === to[j - 1] ? 0 : 1);
      const swapped = isSwap(from, i, to, j) ? (twoAbove[j - 2] ?? 0) + 1 : Infinity;
      row[j] = Math.min(replaced, swapped, (above[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1);
    }
  }
  return row[to.length] ?? 0;
}

/** Whether the last two letters before the places have changed places. */
function isSwap(from: string, i: number, to: string, j: number): boolean {
  return i > 1 && j > 1 && from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1];
}
