/** An OAuth 2.0 token endpoint and a SCIM server behind it, in one fetch handler: tokens are counted, expire and rotate as told. */
import type { FetchHandler } from '../../engine/http/fetch-adapter.ts';

export type TokenEndpointOptions = {
  readonly lifeSeconds?: number | string;
  /** Each refresh token is good for one exchange. */
  readonly rotates?: boolean;
  /** What the endpoint answers instead of a token. */
  readonly answer?: () => Response;
  /** The refresh token of the consent. */
  readonly refreshToken?: string;
};

export type TokenEndpoint = {
  readonly fetch: FetchHandler;
  /** Fields of each request to the endpoint, in the order sent. */
  readonly exchanges: readonly (readonly (readonly [string, string])[])[];
  /** Authorization of each request to the SCIM server. */
  readonly used: readonly string[];
  /** Access tokens given out so far stop working. */
  readonly revoke: () => void;
};

export const TOKEN_URL = 'https://login.example.com/oauth2/token';
const EMPTY = { schemas: ['urn:ietf:params:scim:api:messages:2.0:ListResponse'], totalResults: 0, Resources: [] };

export function tokenEndpoint(options: TokenEndpointOptions = {}): TokenEndpoint {
  const exchanges: [string, string][][] = [];
  const used: string[] = [];
  const good = new Set<string>();
  let refresh = options.refreshToken;
  const json = (status: number, body: unknown) => Response.json(body, { status });

  const giveToken = async (request: Request): Promise<Response> => {
    const fields = [...new URLSearchParams(await request.text())] as [string, string][];
    exchanges.push(fields);
    if (options.answer !== undefined) return options.answer();
    const given = new Map(fields);
    if (given.get('grant_type') === 'refresh_token' && given.get('refresh_token') !== refresh) {
      return json(400, { error: 'invalid_grant', error_description: `${given.get('refresh_token')} is used up` });
    }
    const access = `access-token-${exchanges.length}-abcdefgh`;
    good.add(access);
    if (options.rotates === true) refresh = `refresh-token-${exchanges.length}-abcdefgh`;
    return json(200, {
      access_token: access,
      token_type: 'Bearer',
      expires_in: options.lifeSeconds ?? 3600,
      ...(options.rotates === true ? { refresh_token: refresh } : {}),
    });
  };

  return {
    exchanges,
    used,
    revoke: () => good.clear(),
    fetch: async (request) => {
      if (request.url === TOKEN_URL) return giveToken(request);
      const authorization = request.headers.get('authorization') ?? '';
      used.push(authorization);
      const known = good.has(authorization.replace(/^Bearer /, ''));
      return known ? json(200, EMPTY) : json(401, { detail: `${authorization} is not known` });
    },
  };
}
