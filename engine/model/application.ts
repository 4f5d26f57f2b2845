/** An application of the directory: what Graph calls a service principal, as far as provisioning is concerned. */
export type Application = {
  readonly name: string;
  readonly roles: readonly { readonly id: string; readonly name: string }[];
};
