import { wildcardMatcher } from './wildcard.ts';

const never = (): boolean => false;

/**
 * Tests the texts of simple commands against the spec of a Bash rule. `npm run:*` and `npm run *` mean the command with
 * any arguments or none; any other `*` stands for any text; without one the whole command has to be the same.
 */
export function bashMatcher(spec: string): (command: string) => boolean {
  const pattern = oneSpaced(spec.replace(/:\*$/, ' *'));
  if (pattern === '' || pattern === ' *') return never;
  if (!pattern.endsWith(' *')) return wildcardMatcher(pattern);
  const alone = wildcardMatcher(pattern.slice(0, -2));
  const withArguments = wildcardMatcher(pattern);
  return (command) => alone(command) || withArguments(command);
}

/** The text with every run of white space as one space. */
export function oneSpaced(text: string): string {
  return text.replace(/\s+/g, ' ');
}
