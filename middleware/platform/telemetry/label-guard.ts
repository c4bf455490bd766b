const maxLength = 100;

/**
 * Bounds the values of a label that callers choose: the first `max` different ones pass, later ones become `other`.
 * Odd characters are replaced, so that a value cannot break a dashboard's query.
 */
export function createLabelGuard(max: number): (value: string) => string {
  const known = new Set<string>();
  return (value) => {
    if (known.has(value)) return value;
    const label = value.slice(0, maxLength).replaceAll(/[^\w.:/@+-]/g, '_');
    if (known.has(label)) return label;
    if (known.size >= max) return 'other';
    // A part of a longer text would keep all of it.
    known.add(value.length > maxLength ? Buffer.from(label).toString() : label);
    return label;
  };
}
