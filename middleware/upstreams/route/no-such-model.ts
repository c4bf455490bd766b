const maxListed = 30;

/** What a client hears of a name that there is no model for: those that there are. */
export function noSuchModel(name = '', known: readonly string[]): string {
  return `there is no model "${name}"${listedModels(known)}`;
}

/** What there is instead; empty where nothing is known. */
export function listedModels(known: readonly string[]): string {
  const listed = known.slice(0, maxListed).join(', ');
  const rest = known.length > maxListed ? ` and ${known.length - maxListed} more` : '';
  return listed === '' ? '' : `; there are ${listed}${rest}`;
}
