import { describe, expect, test } from '@jest/globals';
import { npmFindings, pythonFindings } from '../../../scripts/supply-chain/audit-findings.ts';

function printed(stdout: unknown, stderr = ''): Parameters<typeof npmFindings>[0] {
  return { stdout: typeof stdout === 'string' ? stdout : JSON.stringify(stdout), stderr, exitCode: 1 };
}

describe('npm audit', () => {
  test('tells packages with their advisories', () => {
    const via = [{ title: 'Prototype pollution', url: 'https://example.com/1' }, 'other'];
    expect(npmFindings(printed({ vulnerabilities: { a: { severity: 'high', range: '<2', via } } }))).toEqual({
      kind: 'checked',
      advisories: ['a <2 (high): Prototype pollution https://example.com/1; by other'],
    });
  });

  test('without findings is checked', () => {
    expect(npmFindings(printed({ vulnerabilities: {} }))).toEqual({ kind: 'checked', advisories: [] });
  });

  test('that reached no database is not checked, and tells why', () => {
    expect(
      npmFindings(printed({ message: '405 Method Not Allowed - POST /', error: { summary: '' } })),
    ).toEqual({
      kind: 'unchecked',
      advisories: [],
      reason: '405 Method Not Allowed - POST /',
    });
    expect(npmFindings(printed('', 'npm: not found\n')).reason).toBe('npm: not found');
  });
});

describe('pip-audit', () => {
  test('tells packages with their advisories and what mends them', () => {
    const vulns = [{ id: 'PYSEC-1', fix_versions: ['2.0'] }];
    const dependencies = [
      { name: 'a', version: '1.0', vulns },
      { name: 'b', version: '1.0', vulns: [] },
    ];
    expect(pythonFindings(printed({ dependencies }))).toEqual({
      kind: 'checked',
      advisories: ['a 1.0: PYSEC-1, mended in 2.0'],
    });
  });

  test('that reached no database is not checked, and tells the last line of what it said', () => {
    expect(pythonFindings(printed('', 'Traceback\nConnectionError: refused\n')).reason).toBe(
      'ConnectionError: refused',
    );
  });
});
