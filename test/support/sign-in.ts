/** A target that signs in at a token endpoint, for tests that look at what goes there. */
import type { FetchHandler } from '../../engine/http/fetch-adapter.ts';
import type { AuthenticationSettings } from '../../engine/model/authentication.ts';
import type { Target } from '../../engine/ports.ts';
import { openScimTarget } from '../../engine/target/scim-target.ts';
import type { TestClock } from './fixed-clock.ts';
import { TOKEN_URL } from './token-endpoint.ts';

/** What every way to sign in is told about the client. */
export const CLIENT = { tokenUrl: TOKEN_URL, clientId: 'entra-7f3', scope: 'scim' };

export function targetSignedInBy(
  auth: AuthenticationSettings,
  { fetch }: { readonly fetch: FetchHandler },
  clock: TestClock,
  tenantUrl = 'https://app.example.com/scim',
): Target {
  const limits = { concurrency: 8, timeoutMs: 15_000, maxResponseBytes: 100_000, allowInsecureHttp: false };
  return openScimTarget({ ...limits, adapter: 'undici', tenantUrl, userAgent: 'test', auth, fetch }, clock);
}

/** One request that needs a token. */
export function probe(target: Target) {
  return target.probe('User', 'userName', 'nobody', new AbortController().signal);
}
