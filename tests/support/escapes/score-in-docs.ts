/** The page with a table in its place: the fixed lines' or the generated ones'. */
export function scoreInDocs(page: string, name: 'score' | 'generated score', scores: string): string {
  const begin = `<!-- ${name}: written by \`npm run escapes -- --write\` -->`;
  const from = page.indexOf(begin);
  const to = page.indexOf(`<!-- end of ${name} -->`);
  if (from < 0 || to < from) throw new Error(`docs/permissions.md has no place for the ${name}`);
  return `${page.slice(0, from + begin.length)}\n\n${scores}\n\n${page.slice(to)}`;
}
