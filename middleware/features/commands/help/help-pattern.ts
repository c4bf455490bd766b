/**
 * Tells what a pattern of `/help` means: part of a name or of a description, upper and lower case alike; `*` stands for
 * anything, and a slash at the start for nothing.
 */
export function helpPattern(
  pattern: string,
): (entry: { readonly name: string; readonly description: string }) => boolean {
  const wanted = pattern.trim().toLowerCase().replace(/^\//, '').split('*');
  return ({ name, description }) =>
    [name, description].some((text) => containsInOrder(text.toLowerCase(), wanted));
}

function containsInOrder(text: string, parts: readonly string[]): boolean {
  let from = 0;
  for (const part of parts) {
    const at = text.indexOf(part, from);
    if (at === -1) return false;
    from = at + part.length;
  }
  return true;
}
