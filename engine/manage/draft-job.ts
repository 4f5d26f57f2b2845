/** A job that no file describes: its template's defaults, under the credentials and switches of its application. */
import type { JobConfiguration } from '../config/configuration.ts';
import { jobDefaults } from '../config/load-job.ts';
import { dialectOf, targetDefaults } from '../config/load-target.ts';
import { toMappingDocument, type YamlMapping } from '../config/mapping-file.ts';
import { profileOfTemplate } from '../gallery/index.ts';
import type { Secret } from '../model/managed-job.ts';
import { CLIENT_PROFILES } from '../scim/client-profile.ts';
import { applySecrets, type Means } from './apply-secrets.ts';
import { secretValue } from './secret-keys.ts';

export type Draft = Pick<JobConfiguration, 'jobId' | 'name' | 'template' | 'application'> & {
  readonly mapping: YamlMapping;
};

/** The gallery's profile follows from the template and, where two applications share one, from the Tenant URL. */
export function draftJob({ mapping, ...identity }: Draft, secrets: readonly Secret[], means: Means): JobConfiguration {
  const { template } = identity;
  const profile = profileOfTemplate(template, secretValue(secrets, 'BaseAddress'));
  const bare: JobConfiguration = {
    ...jobDefaults(profile),
    ...identity,
    mapping: toMappingDocument(mapping, template),
    target: {
      ...targetDefaults(profile),
      ...dialectOf(CLIENT_PROFILES[profile?.client ?? 'entra'], 'legacy', profile),
      url: profile?.tenantUrl.fixed ?? '',
      auth: { type: 'bearer', token: '' },
    },
  };
  return applySecrets(bare, secrets, means);
}
