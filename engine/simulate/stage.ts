/** Where a scenario is played: the simulated application, the tenant and its job, and the credentials that join them. */
import { withControlSurface } from '../../fixtures/targets/control-surface.ts';
import { profileNamed, type TargetProfile } from '../../fixtures/targets/index.ts';
import type { Accounts } from '../engine.ts';
import { EngineError } from '../model/engine-error.ts';
import type { TargetState } from './check-expectation.ts';
import type { Scenario } from './scenario.ts';
import { openSimulation, type Simulation, type SimulationOptions } from './simulation.ts';

type Application = ReturnType<typeof withControlSurface>;

export interface Stage {
  readonly app: Application;
  /** Path under which the application answers. */
  readonly basePath: string;
  /** What reading the directory returned before an accident befell it. */
  readonly directory: { intact: string };
  /** What reading the accounts brought in this step. */
  readonly accounts: Accounts[];
  /** The tenant and its job; undefined while an application that asks for consent has none. */
  readonly simulation: () => Simulation | undefined;
  /** An administrator of the application consents. @throws EngineError `configuration`, `consent-refused` */
  readonly authorize: (username: string) => Promise<void>;
  /** A request of somebody else to the application, or to its control surface. */
  readonly ask: (method: string, path: string, body?: unknown) => Promise<Response>;
  readonly targetState: () => Promise<TargetState>;
  readonly close: () => Promise<void>;
}

const TOKEN = 'simulated-token';
const ORIGIN = 'https://app.simulated.invalid';
const CLIENT = 'scimulate';

/** @throws EngineError `configuration` when the scenario names what does not exist */
export async function openStage(scenario: Scenario, record?: SimulationOptions['record']): Promise<Stage> {
  const profile = profileNamed(scenario.profile);
  // The application asks the simulation's clock; the simulation needs the application first.
  const clock = { now: () => scenario.start };
  const consents = profile.create({}).signIn.kind === 'consent';
  const target = profile.create({ now: () => clock.now(), ...(consents ? {} : { token: TOKEN }) });
  const app = withControlSurface(target, { sleep: async () => undefined });
  const url = profile.logicalUrl ?? `${ORIGIN}${target.basePath}`;
  const { origin } = new URL(url);
  let simulation: Simulation | undefined;

  const send = (method: string, path: string, init: RequestInit) =>
    app.handle(new Request(`${origin}${path}`, { method, ...init }));
  const askAs = (token: string) => (method: string, path: string, body?: unknown) =>
    send(method, path, {
      headers: {
        authorization: `Bearer ${token}`,
        'content-type': 'application/scim+json',
        'user-agent': 'administrator',
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  const grant = async (username: string): Promise<Grant> => {
    const consent = await askAs(TOKEN)('POST', '/_sim/oauth/consent', { username });
    const { code, error_description: hint = 'access denied' } = (await consent.json()) as Consent;
    if (code === undefined) throw refusedConsent(username, hint);
    const form = new URLSearchParams({ grant_type: 'authorization_code', code, client_id: CLIENT });
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const answer = await send('POST', '/oauth/access_token', { headers, body: form.toString() });
    return (await answer.json()) as Grant;
  };
  const open = async (secrets: Readonly<Record<string, string>>) => {
    simulation = await openSimulation({
      ...(record === undefined ? {} : { record }),
      directory: scenario.directory,
      mapping: scenario.mapping,
      job: scenario.job,
      start: clock.now(),
      secrets,
      target: {
        url,
        token: TOKEN,
        fetch: app.handle,
        settings: { ...(consents ? { auth: consentAuth(origin) } : {}), ...scenario.targetSettings },
      },
    });
    clock.now = simulation.now;
  };
  const authorize = async (username: string) => {
    const secrets = { SCIM_REFRESH_TOKEN: (await grant(username)).refresh_token };
    if (simulation === undefined) await open(secrets);
    else await simulation.configure({ secrets });
  };
  const administrator = target.signIn.kind === 'consent' ? target.signIn.username : '';

  let ask = askAs(TOKEN);
  if (consents) ask = askAs((await grant(administrator)).access_token);
  await plant(scenario, profile, target.basePath, ask);
  if (!consents) await open({});
  else if (scenario.grant === 'admin') await authorize(administrator);
  return {
    app,
    basePath: target.basePath,
    directory: { intact: scenario.directory },
    accounts: [],
    simulation: () => simulation,
    authorize,
    ask,
    // The form in which every simulated application describes itself.
    targetState: async () => (await (await ask('GET', '/_sim/state')).json()) as TargetState,
    close: async () => simulation?.close(),
  };
}

type Consent = { readonly code?: string; readonly error_description?: string };
type Grant = { readonly access_token: string; readonly refresh_token: string };

/** How a job signs in with what a consent gave. */
function consentAuth(origin: string): Readonly<Record<string, string>> {
  return {
    type: 'oauth2-authorization-code',
    tokenUrl: `${origin}/oauth/access_token`,
    clientId: CLIENT,
    clientSecret: '${env:SCIM_TOKEN}',
    refreshToken: '${env:SCIM_REFRESH_TOKEN}',
    tokenFile: 'tokens.json',
  };
}

/** What the application holds before the scenario begins. */
async function plant({ seed }: Scenario, profile: TargetProfile, basePath: string, ask: Stage['ask']): Promise<void> {
  for (const [path, resources] of [
    ['/Users', seed.users],
    ['/Groups', seed.groups],
  ] as const) {
    for (const resource of resources) {
      const answer = await ask('POST', `${basePath}${path}`, resource);
      if (answer.status >= 400) throw refusedByTarget(profile.name, `POST ${path}`, answer.status, await answer.text());
    }
  }
}

export function refusedByTarget(name: string, request: string, status: number, text: string): EngineError {
  return new EngineError(`${name} answered ${status} to the scenario's own ${request}: ${text}`, {
    category: 'configuration',
    code: 'scenario-request-refused',
    remedy: 'correct the request of the step, or the seed',
  });
}

function refusedConsent(username: string, hint: string): EngineError {
  return new EngineError(`the application refused the consent of ${username}: ${hint}`, {
    category: 'configuration',
    code: 'consent-refused',
    remedy: 'consent with an account that has this right',
  });
}
