/** What the command line's exit code says (README). */

export const EXIT = {
  fine: 0,
  bug: 1,
  usage: 2,
  objectsFailed: 3,
  jobFailed: 4,
  deletionsHeld: 5,
  changesPending: 10,
  interrupted: 130,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];
