/**
 * Bounds the values of a label that callers choose: the first `max` different ones pass, later ones become `other`.
 * Odd characters are replaced, so that a value cannot break a dashboard's query.
 */
export function createLabelGuard(max: number): (value: string) => string {
  const known = new Map<string, string>();
  return (value) => {
    const seen = known.get(value);
    if (seen !== undefined) return seen;
    if (known.size >= max) return 'other';
    const clean = value.slice(0, 100).replaceAll(/[^\w.:/@+-]/g, '_');
    // A longer key would keep whatever a caller sends.
    if (value.length <= 100) known.set(value, clean);
    return clean;
  };
}
