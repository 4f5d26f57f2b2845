/** What a person needs to use a simulated application that has just started. */
import type { TargetProfile } from '../../../fixtures/targets/index.ts';
import type { SignIn, TargetApp } from '../../../fixtures/targets/target-app.ts';
import { colour } from '../colour.ts';

export type Started = {
  /** Where it is served, without a slash at its end. */
  readonly origin: string;
  /** What it was told to do wrong. */
  readonly defects: readonly string[];
};

export function targetHuman(profile: TargetProfile, app: TargetApp, { origin, defects }: Started): string {
  const address = `${origin}${app.basePath === '' ? '/' : app.basePath}`;
  const target =
    profile.logicalUrl === undefined ? [`url: ${address}`] : [`url: ${profile.logicalUrl}`, `override: ${address}`];
  const sections: readonly (readonly [string, readonly string[]])[] = [
    ['target: of a job in config.yaml', [...target, "auth: { type: bearer, token: '${env:SCIM_TOKEN}' }"]],
    ['token', tokenLines(app.signIn, origin)],
    ['try it', [exampleOf(app.signIn, address)]],
    [
      'look and steer',
      [`curl -s ${origin}/_sim/state`, `curl -s ${origin}/_sim/   # lists every action; see docs/targets.md`],
    ],
  ];
  const body = sections.map(([title, lines]) => [`  ${title}`, ...lines.map((line) => `    ${line}`)].join('\n'));
  const head = `${colour.bold(profile.name)} · ${profile.summary}`;
  const broken = defects.length === 0 ? [] : [`  broken on purpose: ${defects.join(', ')}`];
  return [head, ...broken, ...body, '  Ctrl-C stops it; nothing is kept'].join('\n\n');
}

function tokenLines(signIn: SignIn, origin: string): readonly string[] {
  switch (signIn.kind) {
    case 'open':
      return ['it asks for none; --token TEXT makes it'];
    case 'token':
      return [`export SCIM_TOKEN=${signIn.token}`];
    case 'consent':
      return [
        'an administrator consents, then the code is exchanged; or start it with --token TEXT',
        `curl -s ${origin}/_sim/oauth/consent -d '{"username":"${signIn.username}"}'`,
        `curl -s ${origin}/oauth/access_token -d grant_type=authorization_code -d client_id=scimulate -d code=CODE`,
        'export SCIM_TOKEN=ACCESS_TOKEN',
      ];
  }
}

function exampleOf(signIn: SignIn, address: string): string {
  const users = `${address.replace(/\/$/, '')}/Users`;
  return signIn.kind === 'open' ? `curl -s ${users}` : `curl -s ${users} -H "Authorization: Bearer $SCIM_TOKEN"`;
}
