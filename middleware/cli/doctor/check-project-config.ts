import type { Facts } from './facts.ts';
import type { Finding } from './finding.ts';

/** Codex reads these from the user's own configuration only. Measured with 0.169.0. */
const usersOnly = ['model_provider', 'model_providers', 'openai_base_url'];

/** Whether a project's configuration names a provider, which Codex ignores. */
export function checkProjectConfig({ codex: { projectConfigs } }: Facts): Finding[] {
  return projectConfigs.flatMap(({ document, placeOf }) => {
    const ignored = usersOnly.filter((key) => document[key] !== undefined);
    const [first] = ignored;
    if (first === undefined) return [];
    return [
      {
        id: 'project-config',
        level: 'warning',
        what: `Codex ignores ${ignored.join(', ')} in the configuration of a project`,
        where: placeOf(first),
        todo: 'move it into your own config.toml; codex-plus init does that',
      } as const,
    ];
  });
}
