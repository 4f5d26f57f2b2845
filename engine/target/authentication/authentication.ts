/** What every way to sign in has in common. */
import type { Transport } from '../../http/transport.ts';
import type { AuthenticationSettings } from '../../model/authentication.ts';
import type { Clock } from '../../ports.ts';

/** What a way to sign in works with. */
export type SignIn<Type extends AuthenticationSettings['type']> = {
  readonly settings: Extract<AuthenticationSettings, { type: Type }>;
  readonly transport: Transport;
  readonly clock: Clock;
};

export interface Authentication {
  /** Value of the Authorization header, at once when it is known. @throws EngineError `job` when no token can be had */
  header(signal: AbortSignal): string | Promise<string>;
  /**
   * Forgets the token of `header`, which was refused; true when asking again may bring another one.
   * Requests that were refused together share one new token: only the first finds its own still in use.
   */
  renew(header: string): boolean;
  /** Texts that must not appear in any output. */
  secrets(): readonly string[];
}
