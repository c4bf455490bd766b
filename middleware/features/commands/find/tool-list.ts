/**
 * The rules of `allowed-tools` or `disallowed-tools`: a YAML list, or text separated by commas or spaces outside
 * parentheses.
 */
export function parseToolList(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap((entry) => parseToolList(entry));
  if (typeof value !== 'string') return [];
  const rules: string[] = [];
  let rule = '';
  let depth = 0;
  for (const character of value) {
    if (character === '(') depth += 1;
    if (character === ')') depth = Math.max(0, depth - 1);
    if (depth > 0 || !/[\s,]/.test(character)) {
      rule += character;
    } else if (rule !== '') {
      rules.push(rule);
      rule = '';
    }
  }
  return rule === '' ? rules : [...rules, rule];
}
