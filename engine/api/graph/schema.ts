/** The schema of a job: GET, and PUT as a full replacement (graph-api.md 8.1 to 8.4). */
import { checkApplication } from '../../config/check-application.ts';
import type { SchemaFinding } from '../../config/check-schema.ts';
import type { Report } from '../../config/finding.ts';
import { checkRoles } from '../../config/load-job.ts';
import { toMappingDocument, type YamlMapping } from '../../config/mapping-file.ts';
import { replaceMapping } from '../../manage/manage-jobs.ts';
import { contentOf } from '../../manage/overlay-configuration.ts';
import type { MappingContent } from '../../model/managed-job.ts';
import { exportSchema } from '../../schema/export-schema.ts';
import { importSchema } from '../../schema/import-schema.ts';
import type { SynchronizationSchema } from '../../schema/synchronization-schema.ts';
import { GraphError, notFound } from './graph-error.ts';
import type { GraphContext, Handler } from './graph-request.ts';
import { type FoundJob, managedJob } from './jobs.ts';
import { selected } from './query-options.ts';
import { NO_CONTENT, ok } from './reply.ts';
import { fieldsOf } from './request-body.ts';
import { completeSchema, lockedRules } from './schema-merge.ts';

export const getSchema: Handler = async (context) => {
  const found = await managedJob(context);
  const { id } = found.principal;
  const schema = await schemaOf(context, found.job);
  const path = `servicePrincipals('${id}')/synchronization/jobs('${found.job.jobId}')/schema/$entity`;
  return ok({ '@odata.context': `${context.root}/$metadata#${path}`, ...selected(schema, context.query.select) });
};

/** Errors that are listed; how many there are stands in the message. */
const MOST_DETAILS = 200;

/** What a file is warned of and the service does not save (graph-api.md 8.4): nobody reads a warning of the API. */
const REFUSED: ReadonlySet<string> = new Set(['mapping-empty', 'same-match-precedence']);

export const putSchema: Handler = async (context) => {
  const { job } = await managedJob(context);
  const present = await schemaOf(context, job);
  const document = completeSchema(fieldsOf(await context.body(), 'The schema'), present);
  const { mapping, findings } = importSchema(document, { lenient: false, known: job.attributes });
  // Real exports hold mappings that do not run; users or groups that ran before must not come to a stop by one.
  const after = runningTypes(mapping);
  const stops = [...runningTypes(importSchema(present, { lenient: true }).mapping)].some((type) => !after.has(type));
  const errors = [...findings, ...applicationFindings(job, mapping)].filter(
    ({ finding: { severity, code } }) =>
      severity === 'error' || REFUSED.has(code) || (code === 'mapping-kept' && stops),
  );
  if (mapping === undefined || errors.length > 0) {
    throw new GraphError(
      400,
      'SchemaInvalid',
      `The schema has ${errors.length} ${errors.length === 1 ? 'error' : 'errors'}; nothing was changed.`,
      {
        details: errors.slice(0, MOST_DETAILS).map(({ path, finding }) => ({
          code: finding.code,
          message: finding.summary,
          target: path.join('/'),
        })),
      },
    );
  }
  const [locked] = lockedRules(present, exportSchema(mapping, { id: job.jobId, known: job.attributes }));
  if (locked !== undefined) throw new GraphError(400, 'SchemaInvalid', `The rule "${locked}" is not editable.`);
  for (const { path, finding } of findings) {
    context.warn('schema taken over with a warning', { job: job.name, at: path.join('/'), summary: finding.summary });
  }
  const version = context.ids.next();
  const content = { ...mapping, template: job.template, raw: { ...mapping.raw, version } };
  await replaceMapping(context, job, content as unknown as MappingContent);
  return NO_CONTENT;
};

function runningTypes(mapping: YamlMapping | undefined): ReadonlySet<string> {
  return new Set(mapping?.objects.flatMap(({ from, enabled }) => (enabled === false ? [] : [from])));
}

/** What the job's application and scope do not take: it cannot be saved (gallery.md GC-09, GC-12). */
function applicationFindings(job: FoundJob['job'], content: YamlMapping | undefined): readonly SchemaFinding[] {
  const { profile, asOf, scope, template } = job;
  if (content === undefined) return [];
  const mapping = toMappingDocument(content, template);
  const findings: SchemaFinding[] = [];
  const report: Report = (path, finding) => findings.push({ path, finding });
  if (profile !== undefined) checkApplication({ profile, asOf, scope, mapping, report });
  checkRoles(mapping, scope, report);
  return findings;
}

/** The schema as it runs: put through the API, or written in the mapping file. @throws GraphError 404 */
export async function schemaOf(context: GraphContext, job: FoundJob['job']): Promise<SynchronizationSchema> {
  const decided = (await context.store.managedJobs()).find(({ jobId }) => jobId === job.jobId);
  const content = decided !== undefined && decided.kind !== 'removed' ? decided.mapping : undefined;
  const mapping =
    content === undefined && job.mappingPath !== undefined
      ? await context.readMapping(job.mappingPath)
      : content === undefined
        ? undefined
        : contentOf(content);
  if (mapping === undefined) throw notFound(`The mapping of '${job.jobId}' cannot be read at the moment.`);
  return exportSchema(mapping, { id: job.jobId, known: job.attributes });
}
