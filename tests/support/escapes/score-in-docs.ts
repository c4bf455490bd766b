const begin = '<!-- score: written by `npm run escapes -- --write` -->';
const end = '<!-- end of score -->';

/** The page with the table in its place. */
export function scoreInDocs(page: string, scores: string): string {
  const from = page.indexOf(begin);
  const to = page.indexOf(end);
  if (from < 0 || to < from) throw new Error('docs/permissions.md has no place for the score');
  return `${page.slice(0, from + begin.length)}\n\n${scores}\n\n${page.slice(to)}`;
}
