/** Templates that jobs are made from: the mapping files that ship, and those of the configuration's jobs (graph-api.md 12.1). */
import { readdir } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import isEqual from 'lodash/isEqual.js';
import type { Configuration } from '../config/configuration.ts';
import { loadMapping } from '../config/load-mapping.ts';
import type { YamlMapping } from '../config/mapping-file.ts';
import { profileOfTemplate } from '../gallery/index.ts';
import type { MappingContent } from '../model/managed-job.ts';

export type Template = {
  readonly id: string;
  readonly mapping: YamlMapping;
  /** Those of the other applications that share the template, by name. */
  readonly others: ReadonlyMap<string, YamlMapping>;
};

/** Other names of a template in public scripts (graph-api.md 12.1). */
const ALIASES: Readonly<Record<string, string>> = { customappsso: 'scim' };

/**
 * Every template once, by id in any case. Of the files that ship, the one that is called like its application counts (`workplace.yaml`);
 * variants (`workplace.mail.yaml`) are no templates. A template that no file ships is that of the configuration's first job with it.
 */
export async function listTemplates(folder: string, written: Configuration): Promise<readonly Template[]> {
  const names = (await readdir(folder)).filter((name) => /^[^.]+\.ya?ml$/.test(name)).toSorted();
  const used = written.jobs.flatMap(({ mappingPath, template }) =>
    mappingPath === undefined ? [] : [{ path: mappingPath, template }],
  );
  const found = new Map<string, Template>();
  const add = (id: string, mapping: YamlMapping, others: Template['others'] = new Map()): void => {
    if (!found.has(id.toLowerCase())) found.set(id.toLowerCase(), { id, mapping, others });
  };
  const files: { readonly application: string; readonly template: string; readonly mapping: YamlMapping }[] = [];
  for (const name of names) {
    const mapping = await readMapping(join(folder, name));
    const application = basename(name, extname(name));
    if (mapping?.template !== undefined) files.push({ application, template: mapping.template, mapping });
  }
  for (const { application, template, mapping } of files) {
    if (application !== (profileOfTemplate(template)?.name ?? application)) continue;
    const others = files.filter((one) => one.template === template && one.application !== application);
    add(template, mapping, new Map(others.map((one) => [one.application, one.mapping])));
  }
  for (const { path, template } of used) {
    const mapping = found.has(template.toLowerCase()) ? undefined : await readMapping(path);
    if (mapping !== undefined) add(template, mapping);
  }
  return [...found.values()];
}

/** The template of that id, in any case, or the one it is another name of. */
export function findTemplate(templates: readonly Template[], id: string): Template | undefined {
  const wanted = id.toLowerCase();
  const found = templates.find((template) => template.id.toLowerCase() === wanted);
  if (found !== undefined) return found;
  const named = templates.find((template) => template.id === ALIASES[wanted]);
  return named === undefined ? undefined : { ...named, id: Object.keys(ALIASES).find((key) => key === wanted) ?? id };
}

/** What a job begins with at this Tenant URL, which tells the applications of one template apart. */
export function mappingAt({ id, mapping, others }: Template, url: string | undefined): YamlMapping {
  return others.get(profileOfTemplate(id, url)?.name ?? '') ?? mapping;
}

/** Whether nobody changed the mapping since a job began with it. */
export function isUntouched({ mapping, others }: Template, present: MappingContent): boolean {
  return [mapping, ...others.values()].some((one) => isEqual(one, present));
}

/** The content of a mapping file without errors. */
export async function readMapping(path: string): Promise<YamlMapping | undefined> {
  return (await loadMapping(path)).content;
}
