import { counted } from '../output/counted.ts';
import type { Facts, ListedHook } from './facts.ts';
import type { Finding } from './finding.ts';

/** Whether Codex runs the hooks that it has: one that nobody trusted, or that changed since, is passed over in silence. */
export function checkHooks({ codex: { hooks, program } }: Facts): Finding[] {
  if (hooks.kind === 'not-asked' || program === undefined) return [];
  if (hooks.kind === 'failed') {
    return [
      {
        id: 'hooks',
        level: 'warning',
        what: `Codex did not tell about its hooks: ${hooks.reason}`,
        todo: 'look at them with /hooks in codex',
      },
    ];
  }
  const idle = hooks.hooks.filter(({ isTrusted, isEnabled }) => isEnabled && !isTrusted);
  const trusted = hooks.hooks.filter(({ isTrusted, isEnabled }) => isEnabled && isTrusted).length;
  if (idle.length === 0) {
    return trusted === 0
      ? []
      : [{ id: 'hooks', level: 'ok', what: `Codex trusts its ${counted(trusted, 'hook')}` }];
  }
  return [
    ...untrusted(
      'our-hooks',
      idle.filter(({ isOurs }) => isOurs),
    ),
    ...untrusted(
      'hooks',
      idle.filter(({ isOurs }) => !isOurs),
    ),
  ];
}

function untrusted(id: 'our-hooks' | 'hooks', hooks: readonly ListedHook[]): Finding[] {
  if (hooks.length === 0) return [];
  const events = [...new Set(hooks.map(({ event }) => event))].join(', ');
  const isOurs = id === 'our-hooks';
  return [
    {
      id,
      level: isOurs ? 'problem' : 'warning',
      what: isOurs
        ? `Codex does not trust our hooks (${events}): your hooks do not see calls that stay inside Codex`
        : `Codex does not run ${counted(hooks.length, 'hook')} that nobody trusted (${events})`,
      where: [...new Set(hooks.map(({ file }) => file))].join(', '),
      todo: isOurs
        ? 'start codex, type /hooks, and trust them'
        : 'start codex, type /hooks, and read them first',
    },
  ];
}
