/** The template of a job or mapping file: which application of the gallery it is. */
import { APPLICATION_PROFILES, applicationProfile } from '../gallery/index.ts';
import { suggest } from '../model/suggest.ts';
import { type Finding, warningFinding } from './finding.ts';

/**
 * What is wrong with `template`, undefined when nothing is. A custom application may have any, and only what resembles a known
 * one is worth a word: without its template an application of the gallery has none of its own ways.
 */
export function checkTemplate(template: string): Finding | undefined {
  const known = ['scim', ...APPLICATION_PROFILES.map((profile) => profile.template)];
  if (known.includes(template)) return undefined;
  const near = suggest(template, [...known, ...APPLICATION_PROFILES.map(({ name }) => name)]);
  if (near === undefined) return undefined;
  const meant = applicationProfile(near)?.template ?? near;
  const summary = `"${template}" is no template of a known application: this is a custom one. Did you mean ${meant}?`;
  return warningFinding('unknown-template', summary);
}
