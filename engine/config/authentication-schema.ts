/** `target.auth` as JSON Schema: one branch per way to sign in (scim-wire.md 1.1). */

/** A text that must be a reference. */
export const secret = (what: string) => ({
  type: 'string',
  description: `${what}. A reference, never the secret itself: '\${env:NAME}' or '\${file:/path/to/secret}'.`,
});

const text = (description: string) => ({ type: 'string', description });

const oauthClient = {
  tokenUrl: text('The token endpoint.'),
  clientId: text('The client id.'),
  scope: text('Sent as "scope" when given.'),
};

const branch = (
  type: string,
  what: string,
  required: readonly string[],
  properties: Readonly<Record<string, object>>,
) => ({
  // Without `required` the branch would also apply where `type` is missing.
  if: { required: ['type'], properties: { type: { const: type } } },
  then: {
    type: 'object',
    additionalProperties: false,
    required: ['type', ...required],
    properties: { type: { const: type, description: what }, ...properties },
  },
});

export const authenticationSchema = {
  type: 'object',
  required: ['type'],
  properties: {
    type: {
      enum: ['bearer', 'oauth2-client-credentials', 'oauth2-authorization-code', 'client-assertion'],
      description: 'How to sign in.',
    },
  },
  allOf: [
    branch('bearer', 'A long-lived token, sent as it is after the word "Bearer".', ['token'], {
      token: secret('The token'),
    }),
    branch(
      'oauth2-client-credentials',
      'OAuth 2.0 client credentials; tokens are fetched and renewed.',
      ['tokenUrl', 'clientId', 'clientSecret'],
      { ...oauthClient, clientSecret: secret('The client secret') },
    ),
    branch(
      'oauth2-authorization-code',
      'OAuth 2.0 authorization code, from the refresh token on: consent once by other means.',
      ['tokenUrl', 'clientId', 'clientSecret', 'refreshToken', 'tokenFile'],
      {
        ...oauthClient,
        clientSecret: secret('The client secret'),
        refreshToken: secret('The refresh token of the consent'),
        tokenFile: text(
          'Where the tokens that the target gives are kept, refresh tokens that rotate above all; only its owner can read it.',
        ),
      },
    ),
    branch(
      'client-assertion',
      'OAuth 2.0 client credentials with a signed JWT instead of a secret (RFC 7523).',
      ['tokenUrl', 'clientId', 'privateKey'],
      {
        ...oauthClient,
        privateKey: secret('The private key as PEM or JWK'),
        keyId: text('Names the key in the header of the JWT.'),
        issuer: text('The issuer of the JWT; default: the client id.'),
        subject: text('The subject of the JWT; default: the client id.'),
        audience: text('The audience of the JWT; default: the token endpoint.'),
        claims: {
          type: 'object',
          additionalProperties: { type: 'string' },
          description: 'Further claims of the JWT, such as tid, oid, appid and ver of the ones that Entra signs.',
        },
      },
    ),
  ],
  description: 'How to sign in at the target.',
};
