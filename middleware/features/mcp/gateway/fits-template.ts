/** An expression of a URI template (RFC 6570); those that begin with `+`, `#` or `/` take slashes as well. */
const expression = /\{([+#/]?)[^{}]*\}/g;
/** Of one address and one template; more than any server has use for. */
const maxLength = 2_000;

/**
 * Whether an address may have been made from a URI template of a server. In one way through both: a template that is
 * made for it keeps a regular expression busy without an end.
 */
export function fitsTemplate(uri: string, template: string): boolean {
  if (uri.length > maxLength || template.length > maxLength) return false;
  const expressions = [...template.matchAll(expression)];
  let at = 0;
  let from = 0;
  for (const [index, found] of expressions.entries()) {
    const literal = template.slice(from, found.index);
    if (!uri.startsWith(literal, at)) return false;
    at += literal.length;
    from = found.index + found[0].length;
    const next = expressions[index + 1];
    const end = endOfValue(uri, at, template.slice(from, next?.index), next === undefined);
    if (end === undefined) return false;
    if (found[1] === '' && uri.slice(at, end).includes('/')) return false;
    at = end;
  }
  return uri.slice(at) === template.slice(from);
}

/** Where a value ends: before what stands behind its expression, the first time, at the end the last. */
function endOfValue(uri: string, from: number, behind: string, isLast: boolean): number | undefined {
  if (isLast) return uri.length - behind.length >= from ? uri.length - behind.length : undefined;
  const end = uri.indexOf(behind, from);
  return end === -1 ? undefined : end;
}
