/** Test Connection, credentials and media type (scim-wire.md 1.1, 1.2, 2). */
import { findRequest } from '../../scim/request.ts';
import { type ConformanceCheck, met, unmet } from '../check.ts';
import { emptyVerdict, isSuccess } from '../judge.ts';
import { answered } from '../reaction.ts';

const area = 'connection';

export const connectionChecks: readonly ConformanceCheck[] = [
  {
    id: 'test-connection',
    name: 'Test Connection',
    area,
    category: 'mandatory',
    source: 'wire 2',
    covers: ['gallery 21'],
    seen: ['https://github.com/grokability/snipe-it/issues/11913'],
    entra: 'refuses to save the credentials, and starts no cycle',
    fix: 'answer a filter for a user that does not exist with 200 and an empty ListResponse',
    run: async (talk) => emptyVerdict(await talk.send(findRequest('User', 'userName', talk.unique()))),
  },
  {
    id: 'token-required',
    name: 'a request without token',
    area,
    category: 'recommended',
    source: 'wire 1.1',
    entra: 'does not notice; anybody else can read and change accounts',
    fix: 'answer 401 to a request without a valid bearer token',
    run: async (talk) => {
      const exchange = await talk.send(findRequest('User', 'userName', talk.unique()), true);
      return exchange.status === 401 || exchange.status === 403 ? met : unmet(answered(exchange, 401), exchange);
    },
  },
  {
    id: 'media-type',
    name: 'media type of answers',
    area,
    category: 'recommended',
    source: 'wire 1.2',
    seen: ['https://github.com/jelhub/scimgateway/issues/89'],
    entra: 'goes on; the hosted validator rejects the answer',
    fix: 'send Content-Type: application/scim+json with every body',
    run: async (talk) => {
      const exchange = await talk.send(findRequest('User', 'userName', talk.unique()));
      if (!isSuccess(exchange) || exchange.mediaType === 'application/scim+json') return met;
      return unmet(`is "${exchange.mediaType}", not "application/scim+json"`, exchange);
    },
  },
];
