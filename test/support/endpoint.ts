/** A way to an application of this process, for conformance checks: no port, no network. */

import { CONFORMANCE_CHECKS } from '../../engine/conform/checks/index.ts';
import type { Wire } from '../../engine/conform/conversation.ts';
import { type ConformanceReport, type RunOptions, runChecks } from '../../engine/conform/run-checks.ts';
import { systemClock } from '../../engine/host/clock.ts';
import { countingIds } from '../../engine/host/ids.ts';
import { EngineError } from '../../engine/model/engine-error.ts';
import type { PatchMode } from '../../engine/model/scim-message.ts';
import { TOKEN } from './world.ts';

type Handle = (request: Request) => Promise<Response>;

const BASE = 'http://endpoint.test/scim';

type TokenAnswer = Awaited<ReturnType<NonNullable<Wire['askToken']>>>;

/** What a token endpoint answers, the token masked. */
export function aToken(body: unknown = { access_token: '***', token_type: 'Bearer', expires_in: 3600 }): TokenAnswer {
  const url = 'http://endpoint.test/token';
  return { url, sent: 'client_secret=***', status: 200, mediaType: 'application/json', text: JSON.stringify(body) };
}

/** Requests with the headers that the real transport sends; `Response.error()` is a broken connection. */
function wireTo(handle: Handle, patchMode: PatchMode = 'legacy', token: TokenAnswer = aToken()): Wire {
  const urlOf: Wire['urlOf'] = ({ path }) => `${BASE}${path}`;
  return {
    patchMode,
    urlOf,
    askToken: async () => token,
    clean: (text) => text.replaceAll(TOKEN, '***'),
    close: async () => undefined,
    exchange: async (request, _signal, anonymous = false) => {
      const headers = {
        accept: 'application/scim+json',
        ...(anonymous ? {} : { authorization: `Bearer ${TOKEN}` }),
        ...(request.body === undefined ? {} : { 'content-type': 'application/scim+json' }),
      };
      const body = request.body === undefined ? {} : { body: JSON.stringify(request.body) };
      const answer = await handle(new Request(urlOf(request), { method: request.method, headers, ...body }));
      if (answer.type === 'error')
        throw new EngineError('no answer from endpoint.test', {
          category: 'transient',
          code: 'WebExceptionProtocolError',
        });
      return { status: answer.status, headers: Object.fromEntries(answer.headers), text: await answer.text() };
    },
  };
}

/** All checks, or those of `ids`, against the application. */
export function conformTo(
  handle: Handle,
  options: Partial<RunOptions> & {
    readonly patchMode?: PatchMode;
    readonly ids?: readonly string[];
    readonly token?: TokenAnswer;
  } = {},
): Promise<ConformanceReport> {
  const { patchMode, ids, token, ...rest } = options;
  const checks = ids === undefined ? CONFORMANCE_CHECKS : CONFORMANCE_CHECKS.filter(({ id }) => ids.includes(id));
  return runChecks(
    { wire: wireTo(handle, patchMode, token), clock: systemClock, ids: countingIds() },
    { checks, domain: 'contoso.com', signal: new AbortController().signal, ...rest },
  );
}

/** Ids of the checks with this outcome that follow from no other. */
export function rootsOf(report: ConformanceReport, outcome: 'failed' | 'warning'): readonly string[] {
  return report.results
    .filter((result) => result.outcome === outcome && result.followsFrom === undefined)
    .map(({ check }) => check.id);
}
