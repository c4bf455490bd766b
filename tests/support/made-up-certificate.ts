import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface MadeUpCertificate {
  readonly key: string;
  readonly cert: string;
  /** A file with the certificate, for programs that take their trust from one. */
  readonly certFile: string;
  readonly remove: () => void;
}

/** A certificate for this machine, or another host, that nobody signed but itself, made by the openssl program. */
export function makeUpCertificate(host = 'localhost'): MadeUpCertificate {
  const folder = mkdtempSync(join(tmpdir(), 'codex-plus-certificate-'));
  const keyFile = join(folder, 'key.pem');
  const certFile = join(folder, 'cert.pem');
  const extensions = [
    `subjectAltName=DNS:${host},IP:127.0.0.1`,
    // One that could sign others is refused as a server's own.
    'basicConstraints=critical,CA:FALSE',
    'extendedKeyUsage=serverAuth',
  ];
  execFileSync(
    'openssl',
    [
      ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'],
      ...['-keyout', keyFile, '-out', certFile, '-days', '30', '-subj', `/CN=${host}`],
      ...extensions.flatMap((extension) => ['-addext', extension]),
    ],
    { stdio: 'ignore' },
  );
  return {
    key: readFileSync(keyFile, 'utf8'),
    cert: readFileSync(certFile, 'utf8'),
    certFile,
    remove: () => {
      rmSync(folder, { recursive: true });
    },
  };
}
