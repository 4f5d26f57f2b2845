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

/** The profile of a template; where two share one, that which accepts the URL, else the first. */
export function profileOfTemplate(template: string, url?: string): ApplicationProfile | undefined {
  const candidates = APPLICATION_PROFILES.filter((profile) => profile.template === template);
  return candidates.find((profile) => url !== undefined && acceptsTenantUrl(profile, url)) ?? candidates[0];
}
