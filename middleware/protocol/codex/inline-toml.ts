/** A value of Codex's settings on one line, as `-c key=VALUE` takes it. JSON is TOML but for objects. */
export function inlineToml(value: unknown): string {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    const members = Object.entries(value).map(([key, member]) => `${keyToml(key)} = ${inlineToml(member)}`);
    return `{ ${members.join(', ')} }`;
  }
  return JSON.stringify(value);
}

function keyToml(key: string): string {
  return /^[\w-]+$/.test(key) ? key : JSON.stringify(key);
}
