/** An application of the directory: what Graph calls a service principal, as far as provisioning is concerned. */
export type Application = {
  readonly name: string;
  readonly roles: readonly {
    readonly id: string;
    /** `displayName` of the app role. */
    readonly name: string;
    /** `value` of the app role, which has no blanks; undefined: its name. */
    readonly value?: string;
  }[];
};

/** Code of the finding that a directory does not hold the application that a job takes its assignments from. */
export const UNKNOWN_APPLICATION = 'unknown-application';
