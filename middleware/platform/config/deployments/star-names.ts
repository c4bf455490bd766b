/** Names with stars in them, as LiteLLM 1.109 reads them: `litellm_core_utils/pattern_match_deployments.py`. */

/**
 * What stands in a name for each star of a pattern, each as long as can be; `undefined` for a name that does not fit. As in
 * LiteLLM, a name fits that goes on behind the pattern, and no star stands for a line's end.
 */
export function textsOfStars(pattern: string, name: string): readonly string[] | undefined {
  const [first = '', ...rest] = pattern.split('*');
  if (!name.startsWith(first) || rest.length === 0) return undefined;
  const texts: string[] = [];
  const [line = ''] = name.slice(first.length).split('\n', 1);
  // The last part may begin with what ends the line; names with such are nobody's.
  let end = line.length;
  for (const part of rest.toReversed()) {
    const at = end < part.length ? -1 : line.lastIndexOf(part, end - part.length);
    if (at < 0) return undefined;
    texts.unshift(line.slice(at + part.length, end));
    end = at;
  }
  // What stands behind the last part is of no star.
  return [line.slice(0, end), ...texts.slice(0, -1)];
}

/**
 * The provider's name of a model with these texts in place of its stars. With fewer stars than texts, LiteLLM calls the
 * model by the name that its client wrote.
 */
export function withTexts(pattern: string, found: readonly string[], name: string): string {
  const stars = pattern.split('*').length - 1;
  if (stars === 0) return pattern;
  if (found.length > stars) return name;
  const texts = [...found];
  return pattern.replace(/\*/g, () => texts.shift() ?? '*');
}

/** The order in which LiteLLM tries patterns: the longest first, by its length as a regular expression. */
export function byRank(one: string, other: string): number {
  return ranks(other).length - ranks(one).length || ranks(other).signs - ranks(one).signs;
}

function ranks(pattern: string): { readonly length: number; readonly signs: number } {
  const expression = pattern
    .replace(/[()[\]{}?*+\-|^$\\.&~# \t\n\r\v\f]/g, (sign) => `\\${sign}`)
    .replaceAll('\\*', '(.*)');
  return { length: expression.length, signs: expression.match(/[*+?\\^$|()]/g)?.length ?? 0 };
}
