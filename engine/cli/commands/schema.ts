/** `schema import` and `schema export`: Graph's `synchronizationSchema` JSON ↔ a mapping file (graph-api.md 14). */
import { readFile } from 'node:fs/promises';
import { dirname, relative, resolve } from 'node:path';
import { readDecisions } from '../../compose.ts';
import { knownAttributes } from '../../config/check-application.ts';
import { loadConfiguration } from '../../config/load-config.ts';
import { loadMapping } from '../../config/load-mapping.ts';
import type { YamlMapping } from '../../config/mapping-file.ts';
import { writeMapping } from '../../config/write-mapping.ts';
import { checkYaml } from '../../config/yaml-file.ts';
import { profileOfTemplate } from '../../gallery/index.ts';
import { shipped } from '../../host/package-folder.ts';
import { contentOf, overlayConfiguration } from '../../manage/overlay-configuration.ts';
import { sortDiagnostics } from '../../model/diagnostic.ts';
import { EngineError } from '../../model/engine-error.ts';
import { suggest } from '../../model/suggest.ts';
import type { KnownAttributes } from '../../model/target-attribute.ts';
import { exportSchema } from '../../schema/export-schema.ts';
import { importSchema } from '../../schema/import-schema.ts';
import { templateOfId } from '../../schema/schema-fields.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import type { Io } from '../io.ts';
import { configPath } from '../open.ts';
import { diagnosticsHuman, diagnosticsTotal, plural } from '../views/diagnostics-human.ts';
import { writeResult } from '../write-result.ts';

export type SchemaImportOptions = { readonly file: string; readonly out?: string; readonly lenient: boolean };

export type SchemaExportOptions = {
  readonly mapping?: string;
  readonly config: string;
  readonly job?: string;
  readonly out?: string;
};

/** Writes the mapping file, or prints it; with errors it writes nothing and lists them all. */
export async function schemaImport(io: Io, options: SchemaImportOptions): Promise<ExitCode> {
  const path = resolve(io.cwd, options.file);
  const text = await readText(path, options.file);
  const document = parseJson(text, options.file);
  const known = listedFor(templateOfId(idOf(document)));
  const { mapping, findings } = importSchema(document, { ...options, known });
  const places = checkYaml(path, text, {});
  const diagnostics = sortDiagnostics(findings.map(({ path: where, finding }) => places.at(where, finding)));
  if (diagnostics.length > 0) io.err(`${diagnosticsHuman(diagnostics, io)}\n\n`);
  if (mapping === undefined) {
    io.err(`${diagnosticsTotal(diagnostics)}; nothing was written\n`);
    return EXIT.usage;
  }
  const out = options.out === undefined ? undefined : resolve(io.cwd, options.out);
  const editorSchema = shipped('engine', 'config', 'mapping.schema.json');
  const yaml = writeMapping(mapping, relative(out === undefined ? io.cwd : dirname(out), editorSchema));
  if (out === undefined) {
    io.out(yaml);
    return EXIT.fine;
  }
  await writeResult(io, { option: '--out', file: out, kind: 'mapping' }, yaml);
  for (const { name, map, enabled } of mapping.objects) {
    io.out(`  ${name}  ${plural(map.length, 'row')}${enabled === false ? ', switched off' : ''}\n`);
  }
  io.out(
    `${options.out} written with ${plural(mapping.objects.length, 'object mapping')}; ${diagnosticsTotal(diagnostics)}\n`,
  );
  io.out(
    `Next: name it in "mappings" of a job, then scimulate validate. Back: scimulate schema export ${options.out}\n`,
  );
  return EXIT.fine;
}

/** Writes the schema as JSON, or prints it. */
export async function schemaExport(io: Io, options: SchemaExportOptions): Promise<ExitCode> {
  const chosen = await chooseMapping(io, options);
  const file = 'mapping' in chosen ? chosen.mapping : await readMappingFile(io, chosen.path);
  if (file === undefined) return EXIT.usage;
  const { id, known = listedFor(file.template ?? 'scim') } = chosen;
  const schema = exportSchema(file, { known, ...(id === undefined ? {} : { id }) });
  const json = `${JSON.stringify(schema, null, 2)}\n`;
  if (options.out === undefined) {
    io.out(json);
    return EXIT.fine;
  }
  await writeResult(io, { option: '--out', file: options.out, kind: 'schema' }, json);
  const count = schema.synchronizationRules.reduce((sum, rule) => sum + rule.objectMappings.length, 0);
  io.out(`${options.out} written with ${plural(count, 'object mapping')} as ${schema.id}\n`);
  return EXIT.fine;
}

/** The file's content; undefined when it has errors, which are told. */
async function readMappingFile(io: Io, path: string): Promise<YamlMapping | undefined> {
  const { content, diagnostics } = await loadMapping(path);
  if (diagnostics.length > 0) io.err(`${diagnosticsHuman(diagnostics, io)}\n\n`);
  if (content === undefined) io.err(`${diagnosticsTotal(diagnostics)}; nothing was written\n`);
  return content;
}

/** What the document of the template's application lists today; nothing of a custom application. */
function listedFor(template: string): KnownAttributes {
  return knownAttributes(profileOfTemplate(template), undefined);
}

function idOf(document: unknown): string {
  const isObject = typeof document === 'object' && document !== null;
  return isObject && 'id' in document ? String(document.id) : '';
}

type Chosen = { readonly id?: string; readonly known?: KnownAttributes } & (
  | { readonly path: string }
  | { readonly mapping: YamlMapping }
);

/** The file that was named, or the job's mapping: what the API set, else its file. The job's id goes with it when a job was named. */
async function chooseMapping(io: Io, options: SchemaExportOptions): Promise<Chosen> {
  const named = options.mapping === undefined ? undefined : resolve(io.cwd, options.mapping);
  if (named !== undefined && options.job === undefined) return { path: named };
  const { configuration: written, diagnostics } = await loadConfiguration(configPath(io, options), io.env);
  if (written === undefined) {
    throw new EngineError(diagnosticsHuman(diagnostics, io), {
      category: 'configuration',
      code: 'bad-configuration',
      remedy: 'mend these, or name a mapping file instead of a job',
    });
  }
  const managed = await readDecisions(written);
  const { jobs } = overlayConfiguration(written, managed);
  const job = options.job === undefined && jobs.length === 1 ? jobs[0] : jobs.find(({ name }) => name === options.job);
  const decided = managed.jobs.find(({ jobId }) => jobId === job?.jobId);
  if (named === undefined && job !== undefined && decided !== undefined && decided.kind !== 'removed') {
    return { mapping: contentOf(decided.mapping), id: decided.jobId, known: job.attributes };
  }
  const path = named ?? job?.mappingPath;
  if (job !== undefined && path !== undefined) return { path, id: job.jobId, known: job.attributes };
  const names = jobs.map(({ name }) => name);
  const near = suggest(options.job ?? '', names);
  const message =
    options.job === undefined
      ? 'which mapping? The configuration has several jobs'
      : `there is no job "${options.job}" in the configuration`;
  throw new EngineError(message, {
    category: 'configuration',
    code: 'unknown-job',
    remedy:
      near === undefined ? `name a mapping file, or one with --job: ${names.join(', ')}` : `did you mean "${near}"?`,
  });
}

async function readText(path: string, shown: string): Promise<string> {
  try {
    // The portal's download starts with a byte order mark.
    return (await readFile(path, 'utf8')).replace(/^\ufeff/, '');
  } catch (cause) {
    throw new EngineError(`${shown} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`, {
      category: 'configuration',
      code: 'file-unreadable',
      remedy: 'name the JSON file that the portal or Graph gave you',
    });
  }
}

function parseJson(text: string, shown: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new EngineError(`${shown} is not JSON: ${cause instanceof Error ? cause.message : String(cause)}`, {
      category: 'configuration',
      code: 'malformed-json',
      remedy: 'export the schema again: GET …/synchronization/jobs/{id}/schema, or the download in the portal',
    });
  }
}
