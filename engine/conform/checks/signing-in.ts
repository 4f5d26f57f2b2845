/** The token endpoint: one of the two ways to sign in that a listing in the gallery needs (scim-wire.md 1.1, 10.3). */
import { pageRequest } from '../../scim/request.ts';
import { type ConformanceCheck, met, unjudged, unmet } from '../check.ts';
import { asResource } from '../conversation.ts';
import { isSuccess } from '../judge.ts';
import { answered } from '../reaction.ts';

const shared = { area: 'connection', category: 'recommended', asksToken: true } as const;
/** Seconds that an access token may live. */
const SHORTEST = 60 * 60;
const LONGEST = 360 * 60;
const NONE = unjudged('no token endpoint was named');

export const signingInChecks: readonly ConformanceCheck[] = [
  {
    ...shared,
    id: 'token-endpoint',
    name: 'a token from the token endpoint',
    source: 'wire 1.1, 10.3',
    covers: ['gallery 21', 'gallery 22'],
    entra: 'cannot sign in: no cycle starts',
    fix: 'answer the client credentials grant (secret or signed assertion) with 200 and a JSON object with access_token and token_type Bearer, and take that token at /Users',
    run: async (talk) => {
      const exchange = await talk.askToken?.();
      if (exchange === undefined) return NONE;
      if (!isSuccess(exchange)) return unmet(answered(exchange), exchange);
      const token = asResource(exchange.body)?.access_token;
      if (typeof token !== 'string' || token === '') return unmet('gave no access_token', exchange);
      const users = await talk.send(pageRequest('User', 1, 1));
      return isSuccess(users) ? met : unmet(`works, but a page of one user ${answered(users)}`, users);
    },
  },
  {
    ...shared,
    id: 'token-lifetime',
    name: 'lifetime of access tokens',
    source: 'wire 10.3',
    covers: ['gallery 21'],
    entra: 'goes on, and asks for tokens more often or keeps one for long; the gallery suite refuses the endpoint',
    fix: 'let access tokens live between 60 and 360 minutes, and say so in seconds as expires_in',
    run: async (talk) => {
      const exchange = await talk.askToken?.();
      if (exchange === undefined) return NONE;
      if (!isSuccess(exchange)) return unjudged(`the token endpoint ${answered(exchange)}`);
      const life = asResource(exchange.body)?.expires_in;
      if (life === undefined) return unmet('the answer does not say: there is no expires_in', exchange);
      const seconds = Number(life);
      if (seconds >= SHORTEST && seconds <= LONGEST) return met;
      return unmet(`is ${JSON.stringify(life)} seconds, not ${SHORTEST} to ${LONGEST}`, exchange);
    },
  },
];
