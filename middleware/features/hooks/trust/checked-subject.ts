import type { CheckedFiles } from './checked-files.ts';
import type { TrustSubject } from '../../trust/trust-record.ts';

/** What has to be trusted, with the files that its hash was made of. */
export interface CheckedSubject {
  readonly subject: TrustSubject;
  readonly files: CheckedFiles;
}
