/** So many of something: `1 rule`, `3 rules`. */
export function amountText(amount: number, singular: string): string {
  return `${amount} ${singular}${amount === 1 ? '' : 's'}`;
}
