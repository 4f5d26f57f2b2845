/** The applications of the gallery that are known by name. A custom application has no profile. */
import { type ApplicationProfile, acceptsTenantUrl } from './application-profile.ts';
import { metaNetworks } from './meta-networks.ts';
import { oktaWorkAccounts } from './okta-work-accounts.ts';
import { workAccounts } from './work-accounts.ts';
import { workplace, workplaceLegacy } from './workplace.ts';
import { workplace2017 } from './workplace-2017.ts';

export type { ApplicationProfile, ListedAttribute } from './application-profile.ts';
export { acceptsTenantUrl, attributesOn, refusedCredentials } from './application-profile.ts';

export const APPLICATION_PROFILES: readonly ApplicationProfile[] = [
  workAccounts,
  workplace,
  workplaceLegacy,
  workplace2017,
  metaNetworks,
  oktaWorkAccounts,
];

/** The profile of that name, e.g. `workplace-2017`. */
export function applicationProfile(name: string): ApplicationProfile | undefined {
  return APPLICATION_PROFILES.find((profile) => profile.name === name);
}

/** The profile of a template; where two share one, that which accepts the URL, else that of the same host, else the first. */
export function profileOfTemplate(template: string, url = ''): ApplicationProfile | undefined {
  const candidates = APPLICATION_PROFILES.filter((profile) => profile.template === template);
  // A misspelt address is told the right one of the application that was meant.
  return (
    candidates.find((profile) => acceptsTenantUrl(profile, url)) ??
    candidates.find((profile) => hostOf(profile.tenantUrl.example) === hostOf(url)) ??
    candidates[0]
  );
}

function hostOf(url: string): string | undefined {
  return URL.canParse(url) ? new URL(url).host : undefined;
}
