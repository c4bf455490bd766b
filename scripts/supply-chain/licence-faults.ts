import type { LicenceRules } from './licence-rules.ts';
import type { LockedPackage } from './locked-package.ts';

/** What is wrong with the licences of locked packages, a sentence for each; none when all may be used. */
export function licenceFaults(packages: readonly LockedPackage[], rules: LicenceRules): readonly string[] {
  return packages.flatMap(({ name, version, licence }) => {
    const refused = rules.refused[name];
    if (refused !== undefined) return [`${name} ${version} must not be used: ${refused}`];
    const exception = rules.exceptions[name];
    if (exception !== undefined && exception.licence === licence) return [];
    if (licence === undefined) return [`${name} ${version} declares no licence`];
    return isAllowed(licence, rules) ? [] : [`${name} ${version} has the licence ${licence}`];
  });
}

/** Of an SPDX expression (https://spdx.github.io/spdx-spec, annex D): all sides of AND, one side of OR. AND binds closer. */
function isAllowed(expression: string, rules: LicenceRules): boolean {
  let rest = expression;
  // From the inside out: what stands in parentheses becomes one word.
  for (let before = ''; before !== rest;) {
    before = rest;
    rest = rest.replace(/\(([^()]*)\)/, (_, inner: string) => (oneSide(inner, rules) ? ' yes ' : ' no '));
  }
  return oneSide(rest, rules);
}

function oneSide(flat: string, { allowed }: LicenceRules): boolean {
  return flat.split(/\s+OR\s+/).some((side) =>
    side
      .split(/\s+AND\s+/)
      .map((id) => id.trim())
      .every((id) => id === 'yes' || Object.hasOwn(allowed, id)),
  );
}
