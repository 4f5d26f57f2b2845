/** One request for a token for its own sake: what was sent and what came back, secrets masked (scim-wire.md 10.3, tests 21 and 22). */
import { maskConfidential } from '../../http/redact.ts';
import type { AuthenticationSettings } from '../../model/authentication.ts';
import type { SignIn } from './authentication.ts';
import { assertionGrant } from './client-assertion.ts';
import { secretGrant } from './client-credentials.ts';
import { formOf, sendGrant } from './oauth2.ts';

export type TokenTrial = {
  readonly url: string;
  /** The form as sent. */
  readonly sent: string;
  readonly status: number;
  readonly mediaType: string;
  readonly text: string;
};

type Client = Extract<AuthenticationSettings, { type: 'oauth2-client-credentials' | 'client-assertion' }>;

/** Whether a token is asked for with what the settings alone hold: a refresh token could be used up by trying. */
export function canTryToken(settings: AuthenticationSettings): settings is Client {
  return settings.type === 'oauth2-client-credentials' || settings.type === 'client-assertion';
}

/** @throws EngineError without an answer */
export async function tryToken(
  settings: Client,
  { transport, clock }: Pick<SignIn<Client['type']>, 'transport' | 'clock'>,
  signal: AbortSignal,
): Promise<TokenTrial> {
  const grant = settings.type === 'client-assertion' ? await assertionGrant(settings, clock) : secretGrant(settings);
  const { status, headers, text } = await sendGrant({ url: settings.tokenUrl, transport }, grant, signal);
  return {
    url: settings.tokenUrl,
    sent: maskConfidential(formOf(grant)),
    status,
    mediaType: headers['content-type'] ?? '',
    text: maskConfidential(text),
  };
}
