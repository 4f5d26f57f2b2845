/** What every way to sign in has in common. */

export type AuthenticationSettings =
  | { readonly type: 'bearer'; readonly token: string }
  | {
      readonly type: 'oauth2-client-credentials';
      readonly tokenUrl: string;
      readonly clientId: string;
      readonly clientSecret: string;
      readonly scope?: string;
    };

export interface Authentication {
  /** Value of the Authorization header. @throws EngineError `job` when no token can be had */
  header(signal: AbortSignal): Promise<string>;
  /** Forgets a token that was refused; true when asking again may bring another one. */
  renew(): boolean;
  /** Texts that must not appear in any output. */
  secrets(): readonly string[];
}
