import { Counter, type Registry } from 'prom-client';

/** Adds to the total of one combination of labels, whose values stand in the order of their names. */
export type AddTo<Names extends readonly string[]> = (
  values: { readonly [Index in keyof Names]: string },
  by?: number,
) => void;

interface TotalsOptions<Names extends readonly string[]> {
  readonly name: string;
  readonly help: string;
  readonly labelNames: Names;
}

interface Total {
  readonly labels: Readonly<Record<string, string>>;
  sum: number;
}

/** What begins with the same values. */
interface Branch {
  readonly next: Map<string, Branch>;
  total: Total | undefined;
}

/**
 * A counter for what happens with every request. prom-client checks all labels and makes a text of them each time that it counts: here
 * a total is found by the values, and prom-client's counter is told the totals when somebody asks for them.
 */
export function createTotals<const Names extends readonly string[]>(
  registry: Registry,
  { name, help, labelNames }: TotalsOptions<Names>,
): AddTo<Names> {
  const totals: Total[] = [];
  const root = newBranch();
  new Counter({
    ...{ name, help, labelNames, registers: [registry] },
    collect() {
      this.reset();
      for (const { labels, sum } of totals) this.inc(labels, sum);
    },
  });
  const newTotal = (values: readonly string[]): Total => {
    const total = {
      labels: Object.fromEntries(labelNames.map((label, at) => [label, values[at] ?? ''])),
      sum: 0,
    };
    totals.push(total);
    return total;
  };
  return (values, by = 1) => {
    if (!(by >= 0 && by < Infinity)) throw new TypeError(`${name} cannot grow by ${by}`);
    const branch = branchAt(root, values);
    (branch.total ??= newTotal(values)).sum += by;
  };
}

function newBranch(): Branch {
  return { next: new Map(), total: undefined };
}

function branchAt(root: Branch, values: readonly string[]): Branch {
  let branch = root;
  for (const value of values) {
    let next = branch.next.get(value);
    if (next === undefined) {
      next = newBranch();
      branch.next.set(value, next);
    }
    branch = next;
  }
  return branch;
}
