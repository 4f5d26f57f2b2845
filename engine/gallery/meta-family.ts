/** What Meta's applications have in common: one host, one way to answer, one rhythm (gallery.md 0.4, 6). */
import type { ApplicationProfile } from './application-profile.ts';

export const META_FAMILY = {
  errors: { name: 'Facebook', zero: 'zero' },
  needsUserAgent: true,
  interval: 'PT40M',
  trigger: 'interval',
  scopes: ['assigned', 'all'],
  primaryWork: ['emails', 'addresses', 'phoneNumbers'],
} as const satisfies Partial<ApplicationProfile>;
