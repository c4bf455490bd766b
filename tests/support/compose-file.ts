import { load, YAML11_SCHEMA } from 'js-yaml';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { rootDir } from './compose-middleware.ts';

/** A service of docker-compose.yml, as far as tests look at it. */
export interface ComposeService {
  readonly build: string | { readonly context: string; readonly dockerfile: string };
  readonly environment: Readonly<Record<string, string | number | null>>;
  readonly ports: readonly string[];
  readonly volumes: readonly string[];
  readonly healthcheck: { readonly test: readonly string[] };
  readonly stop_grace_period: string;
  readonly read_only?: boolean;
  readonly cap_drop?: readonly string[];
  readonly security_opt?: readonly string[];
}

/** The two services of docker-compose.yml. */
export function composeServices(): { readonly litellm: ComposeService; readonly middleware: ComposeService } {
  const text = readFileSync(join(rootDir, 'docker-compose.yml'), 'utf8');
  const document = load(text, { schema: YAML11_SCHEMA }) as {
    readonly services: { readonly litellm: ComposeService; readonly middleware: ComposeService };
  };
  return document.services;
}

/** The variables that a container of this service has: those of its image, and over them those of the compose file. */
export function containerEnvironment(service: ComposeService): Record<string, string> {
  const given = Object.entries(service.environment).flatMap(([name, value]) =>
    // Without a value, and with another variable in it: from the user's shell, where the test has nothing to set.
    value === null || String(value).includes('${') ? [] : [[name, String(value)] as const],
  );
  return { ...imageEnvironment(dockerfileOf(service)), ...Object.fromEntries(given) };
}

/** The text of the service's Dockerfile, with a line for each instruction. */
export function dockerfileOf({ build }: ComposeService): string {
  const file = typeof build === 'string' ? 'Dockerfile' : build.dockerfile;
  return readFileSync(join(rootDir, file), 'utf8').replaceAll(/\\\n\s*/g, '');
}

function imageEnvironment(dockerfile: string): Record<string, string> {
  const pairs = [...dockerfile.matchAll(/^ENV (.*)$/gm)].flatMap(([, line = '']) => line.split(' '));
  return Object.fromEntries(pairs.map((pair) => pair.split('=', 2) as [string, string]));
}
