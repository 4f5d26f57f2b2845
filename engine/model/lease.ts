/** The right to run a job: one holder at a time, with a token that rises with every new holder (fencing). */
import type { Instant } from './instant.ts';

export type Lease = {
  readonly jobId: string;
  /** Host, process and a random part: `mars:4711:6f1c…`. */
  readonly holder: string;
  /** A commit that carries an older token is refused: its writer has been replaced. */
  readonly token: number;
  readonly expiresAt: Instant;
};
