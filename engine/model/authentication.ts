/** Ways to sign in at a target, secrets resolved (scim-wire.md 1.1). */

type OAuthClient = {
  readonly tokenUrl: string;
  readonly clientId: string;
  readonly scope?: string;
};

export type AuthenticationSettings =
  | { readonly type: 'bearer'; readonly token: string }
  | (OAuthClient & { readonly type: 'oauth2-client-credentials'; readonly clientSecret: string })
  | (OAuthClient & {
      readonly type: 'oauth2-authorization-code';
      readonly clientSecret: string;
      /** What the administrator's consent brought. */
      readonly refreshToken: string;
      /** Absolute path of the file that keeps what the target gave since. */
      readonly tokenFile: string;
    })
  | (OAuthClient & {
      readonly type: 'client-assertion';
      /** PEM or JWK. */
      readonly privateKey: string;
      readonly keyId?: string;
      /** The client id by default (RFC 7523 section 3). */
      readonly issuer?: string;
      readonly subject?: string;
      /** The token endpoint by default. */
      readonly audience?: string;
      /** Further claims, as Entra's own assertions have. */
      readonly claims?: Readonly<Record<string, string>>;
    });

/** Keys of the settings whose values never leave. */
export const SECRET_KEYS = ['token', 'clientSecret', 'refreshToken', 'privateKey'] as const;
