import type { CheckedFiles } from '../../features/hooks/checked-files.ts';
import type { TrustSubject } from '../../features/trust/trust-record.ts';

/** What has to be trusted, with the files that its hash was made of. */
export interface CheckedSubject {
  readonly subject: TrustSubject;
  readonly files: CheckedFiles;
}
