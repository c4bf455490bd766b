import { visibleLine } from '../../kernel/visible-text.ts';

/** Throws where a header could not be sent. What is thrown elsewhere for it says its value, which may be a secret. */
export function checkHeaders(headers: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(headers)) {
    if (!isHeader(name, '')) throw new Error('one of its headers has a name that no header can have');
    if (!isHeader(name, value))
      throw new Error(
        `its header ${visibleLine(name, 100)} cannot be sent: the value has a line break, or another character that no header can have`,
      );
  }
}

function isHeader(name: string, value: string): boolean {
  try {
    return new Headers([[name, value]]).has(name);
  } catch {
    return false;
  }
}

/** Headers of which later ones go over earlier ones, in whatever case a name is written: two of one name would be sent as one. */
export function mergedHeaders(
  ...given: readonly Readonly<Record<string, string>>[]
): Readonly<Record<string, string>> {
  const entries = given.flatMap((headers) => Object.entries(headers));
  const byName = new Map(entries.map((entry) => [entry[0].toLowerCase(), entry]));
  return Object.fromEntries(byName.values());
}
