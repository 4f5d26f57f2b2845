/** The target of a job without credentials: whoever asks it is told so, and the first cycle ends in quarantine (graph-api.md 6.4). */
import { EngineError } from '../model/engine-error.ts';
import type { Target } from '../ports.ts';

/** @param lacks what is missing, as a sentence without its full stop */
export function openUnconfiguredTarget(lacks: string): Target {
  const refuse = async (): Promise<never> => {
    throw new EngineError(`${lacks}; nothing was sent`, {
      category: 'job',
      code: 'SystemForCrossDomainIdentityManagementInvalidCredentials',
      remedy: 'put them: PUT …/synchronization/secrets with BaseAddress and SecretToken',
    });
  };
  return {
    requestCount: () => 0,
    urlOf: ({ path }) => path,
    close: async () => undefined,
    send: refuse,
    find: refuse,
    get: refuse,
    probe: refuse,
    holds: refuse,
    page: refuse,
    schemas: refuse,
  };
}
