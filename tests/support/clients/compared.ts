import type { Seen } from '../fake-upstream/fake-upstream.ts';

interface Tool {
  readonly name?: string;
  readonly type?: string;
}

/** What a first request to the provider had. */
export interface FirstRequest {
  readonly tools: readonly string[];
  readonly members: readonly string[];
  readonly bytes: number;
  readonly headers: readonly string[];
  readonly betas: readonly string[];
}

/** Of every hop its own, or the credential. */
const notCompared =
  /^(?:host|connection|content-length|accept|accept-encoding|user-agent|authorization|x-api-key|content-encoding|x-stainless-.+|traceparent)$/;

export function firstRequest({ json = {}, rawHeaders }: Seen): FirstRequest {
  const headers = new Map<string, string>();
  for (let i = 0; i < rawHeaders.length; i += 2)
    headers.set((rawHeaders[i] ?? '').toLowerCase(), rawHeaders[i + 1] ?? '');
  return {
    tools: ((json['tools'] ?? []) as readonly Tool[]).map(({ name, type }) => name ?? type ?? ''),
    members: Object.keys(json).sort(),
    bytes: Buffer.byteLength(JSON.stringify(json)),
    headers: [...headers.keys()].filter((name) => !notCompared.test(name)).sort(),
    betas: (headers.get('anthropic-beta') ?? '').split(',').filter((beta) => beta !== ''),
  };
}

/** A row of the table in docs/clients.md. */
export function comparedRow(client: string, direct: FirstRequest, through: FirstRequest): string {
  const lost = without(direct.headers, through.headers);
  const betas = without(direct.betas, through.betas);
  const members = [
    ...without(direct.members, through.members).map((name) => `not sent: ${code(name)}`),
    ...without(through.members, direct.members).map((name) => `added: ${code(name)}`),
  ];
  const tools = [
    ...without(direct.tools, through.tools).map((name) => `without ${code(name)}`),
    ...without(through.tools, direct.tools).map((name) => `and ${code(name)}`),
  ];
  const cells = [
    client,
    `${direct.tools.length}`,
    [`${through.tools.length}`, ...tools].join(', '),
    thousands(direct.bytes),
    thousands(through.bytes),
    [...lost, ...betas].map(code).join(', ') || 'none',
    members.join(', ') || 'none',
  ];
  return `| ${cells.join(' | ')} |`;
}

export const comparedHead = [
  '| client | tools, direct | tools, through us | tokens, direct | tokens, through us | headers and betas that the provider does not get | members of the body |',
  '| --- | --- | --- | --- | --- | --- | --- |',
];

/** Whether two tables say the same; the tokens, which vary with paths and dates, within 5 %. */
export function saysTheSame(one: string, other: string): boolean {
  const tokens = /(\d+\.\d)k/g;
  const form = (text: string): string => text.replaceAll(tokens, 'k').replaceAll(/[ -]+/g, ' ').trim();
  const numbers = (text: string): number[] => [...text.matchAll(tokens)].map(([, digits]) => Number(digits));
  const theirs = numbers(other);
  return (
    form(one) === form(other) &&
    numbers(one).every((mine, index) => Math.abs(mine - (theirs[index] ?? 0)) < mine * 0.05)
  );
}

function without(all: readonly string[], known: readonly string[]): string[] {
  return all.filter((name) => !known.includes(name));
}

function code(name: string): string {
  return `\`${name}\``;
}

/** By bytes / 4. */
function thousands(bytes: number): string {
  return `${(bytes / 4000).toFixed(1)}k`;
}
