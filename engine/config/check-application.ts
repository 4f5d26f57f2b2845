/** What an application's profile has to say about a job and its mapping (gallery.md 0.3: GC-09, GC-12; MN-07). */
import { type ApplicationProfile, attributesOn, type ListedAttribute } from '../gallery/index.ts';
import type { AttributeMapping, MappingDocument } from '../model/mapping.ts';
import type { ObjectType } from '../model/source-object.ts';
import { suggest } from '../model/suggest.ts';
import { errorFinding, type Report } from './finding.ts';

export type ApplicationInput = {
  readonly profile: ApplicationProfile;
  /** The day whose attribute list counts; today's without one. */
  readonly asOf: string | undefined;
  readonly scope: 'assigned' | 'all';
  readonly mapping: MappingDocument | undefined;
  /** Places are relative to the job. */
  readonly report: Report;
};

/** Reports everything in which the job differs from what the application takes. */
export function checkApplication({ profile, asOf, scope, mapping, report }: ApplicationInput): void {
  if (!profile.scopes.includes(scope)) {
    const summary = `${profile.title} synchronises assigned users only. Write "scope: assigned".`;
    report(['scope'], errorFinding('scope-not-offered', summary));
  }
  for (const object of mapping?.objects ?? []) {
    const listed = attributesOn(profile, object.from, asOf);
    if (listed.length === 0) {
      const summary = `${profile.title} takes no ${object.from.toLowerCase()}s; the mapping has "${object.name}". Remove it.`;
      report(['mappings'], errorFinding('object-not-offered', summary));
      continue;
    }
    for (const row of object.map) checkAttribute(profile, listed, row, report);
  }
}

function checkAttribute(
  profile: ApplicationProfile,
  listed: readonly ListedAttribute[],
  row: AttributeMapping,
  report: Report,
): void {
  const attribute = listed.find(({ name }) => name.toLowerCase() === row.target.toLowerCase());
  if (attribute === undefined) {
    const near = suggest(
      row.target,
      listed.map(({ name }) => name),
    );
    const hint = near === undefined ? '' : ` Did you mean ${near}?`;
    const summary = `${row.target} is not in the target attribute list of ${profile.title}.${hint} Remove the row from the mapping.`;
    report(['mappings'], errorFinding('attribute-not-listed', summary));
    return;
  }
  if (row.match === undefined || attribute.filterable === true) return;
  const usable = listed.filter(({ filterable }) => filterable === true).map(({ name }) => name);
  const summary = `${row.target} cannot match: ${profile.title} cannot be asked for it. Match on ${usable.join(' or ')}.`;
  report(['mappings'], errorFinding('match-not-filterable', summary));
}

/** The attributes of the application on the day that counts, by source object. */
export function knownAttributes(
  profile: ApplicationProfile | undefined,
  asOf: string | undefined,
): Readonly<Partial<Record<ObjectType, readonly ListedAttribute[]>>> {
  if (profile === undefined) return {};
  return { User: attributesOn(profile, 'User', asOf), Group: attributesOn(profile, 'Group', asOf) };
}
