import { isJsonObject } from '../../kernel/json-object.ts';

/** What is trusted: one content, for one use, in one project. Another content is another subject. */
export interface TrustSubject {
  readonly kind: TrustKind;
  /** Absolute path of the project's folder. */
  readonly project: string;
  /** SHA-256 of all that decides what runs, or what runs without a question, in hex. */
  readonly hash: string;
  /** Of a hook: what stays the same when its content changes, so that it is known that another content of it was allowed. */
  readonly place?: string;
}

const trustKinds = ['command', 'hook', 'mcp', 'rules', 'script'] as const;

export type TrustKind = (typeof trustKinds)[number];

const deciders = ['conversation', 'cli'] as const;

/** Who said so, when, and what was known of it then. */
export interface TrustRecord extends TrustSubject {
  readonly decision: 'allowed' | 'denied';
  /** ISO 8601. */
  readonly at: string;
  readonly by: (typeof deciders)[number];
  readonly provenance: string;
}

/** Whether both are about the same content, use and project. */
export function isSameSubject(one: TrustSubject, other: TrustSubject): boolean {
  return one.hash === other.hash && one.kind === other.kind && one.project === other.project;
}

/** The records that a file holds; `undefined` when it holds anything else. */
export function parseTrustRecords(text: string): readonly TrustRecord[] | undefined {
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch {
    return undefined;
  }
  const records = isJsonObject(content) ? content['records'] : undefined;
  return Array.isArray(records) && records.every(isTrustRecord) ? records : undefined;
}

/** The file's text: one record a line, so that people can read it and tools can compare it. */
export function formatTrustRecords(records: readonly TrustRecord[]): string {
  const lines = records.map((record) => `    ${JSON.stringify(record)}`);
  return `{\n  "records": [\n${lines.join(',\n')}\n  ]\n}\n`;
}

function isTrustRecord(value: unknown): value is TrustRecord {
  return (
    isJsonObject(value) &&
    isOneOf(trustKinds, value['kind']) &&
    isOneOf(['allowed', 'denied'], value['decision']) &&
    isOneOf(deciders, value['by']) &&
    ['project', 'hash', 'at', 'provenance'].every((name) => typeof value[name] === 'string')
  );
}

function isOneOf(values: readonly string[], value: unknown): boolean {
  return typeof value === 'string' && values.includes(value);
}
