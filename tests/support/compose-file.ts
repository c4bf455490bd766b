import { load, YAML11_SCHEMA } from 'js-yaml';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { rootDir } from './compose-middleware.ts';

/** A service of docker-compose.yml, as far as tests look at it. */
export interface ComposeService {
  readonly build:
    string | { readonly context: string; readonly dockerfile?: string; readonly target?: string };
  readonly environment: Readonly<Record<string, string | number | null>>;
  readonly ports: readonly string[];
  readonly volumes: readonly string[];
  readonly healthcheck: { readonly test: readonly string[] };
  readonly stop_grace_period: string;
  readonly read_only?: boolean;
  readonly cap_drop?: readonly string[];
  readonly security_opt?: readonly string[];
  readonly profiles?: readonly string[];
  readonly labels?: Readonly<Record<string, string | number | boolean>>;
  readonly command?: readonly string[];
  readonly env_file?: readonly unknown[];
  readonly user?: string;
}

/** The services of docker-compose.yml that start without a profile. */
export function composeServices(): { readonly litellm: ComposeService; readonly middleware: ComposeService } {
  const file = 'docker-compose.yml';
  return { litellm: serviceOf(file, 'litellm'), middleware: serviceOf(file, 'middleware') };
}

/** The service of a compose file that has this name. */
export function serviceOf(file: string, name: string): ComposeService {
  const service = servicesOf(file)[name];
  if (service === undefined) throw new Error(`${file} has no service ${name}`);
  return service;
}

/** All services of a compose file by their names. */
export function servicesOf(file: string): Readonly<Record<string, ComposeService>> {
  const text = readFileSync(join(rootDir, file), 'utf8');
  return (load(text, { schema: YAML11_SCHEMA }) as { readonly services: Record<string, ComposeService> })
    .services;
}

/** The labels of a service, with the variables that are set in place of `${NAME:-default}`. */
export function labelsOf(
  { labels = {} }: ComposeService,
  env: Readonly<Record<string, string>> = {},
): Record<string, string> {
  const filledIn = (value: unknown): string =>
    String(value).replaceAll(/\$\{(\w+):-([^}]*)\}/g, (_, name: string, or: string) => env[name] ?? or);
  return Object.fromEntries(Object.entries(labels).map(([name, value]) => [name, filledIn(value)]));
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
  const { dockerfile: file = 'Dockerfile' } = typeof build === 'string' ? {} : build;
  return readFileSync(join(rootDir, file), 'utf8').replaceAll(/\\\n\s*/g, '');
}

function imageEnvironment(dockerfile: string): Record<string, string> {
  const pairs = [...dockerfile.matchAll(/^ENV (.*)$/gm)].flatMap(([, line = '']) => line.split(' '));
  return Object.fromEntries(pairs.map((pair) => pair.split('=', 2) as [string, string]));
}
