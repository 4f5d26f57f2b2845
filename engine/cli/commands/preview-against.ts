/** `preview --against MAPPING`: what changes for everybody when that mapping replaces the job's own. */
import { resolve } from 'node:path';
import { loadMapping } from '../../config/load-mapping.ts';
import type { Engine } from '../../engine.ts';
import { EngineError } from '../../model/engine-error.ts';
import type { MappingDocument } from '../../model/mapping.ts';
import type { Comparison } from '../../operate/compare-mappings.ts';
import { badUsage } from '../bad-usage.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import type { Io } from '../io.ts';
import { jsonDocument } from '../json-document.ts';
import { nextCommand } from '../next-command.ts';
import { type ConfigOption, chosenJobs, openToLook } from '../open.ts';
import { comparisonHuman, comparisonJson } from '../views/comparison.ts';
import { diagnosticsHuman, directoryFindings } from '../views/diagnostics-human.ts';

export type AgainstOptions = ConfigOption & {
  /** Another mapping file to replace the job's own. */
  readonly against: string;
  readonly job?: string;
  readonly object: readonly string[];
  readonly offline: boolean;
  /** Read the target. */
  readonly online: boolean;
  readonly json: boolean;
  readonly detailedExitcode: boolean;
};

export async function previewAgainst(io: Io, options: AgainstOptions): Promise<ExitCode> {
  const { online, offline, against } = options;
  if (online && offline) throw badUsage('--online and --offline exclude each other', 'leave one of the two out');
  const other = await mappingOf(io, against);
  const { engine } = await openToLook(io, options);
  const comparisons: Comparison[] = [];
  try {
    for (const job of chosenJobs(engine, options.job)) {
      const whole = await engine.compare(job, other, { online, signal: io.signal });
      comparisons.push(options.object.length === 0 ? whole : await only(engine, whole, options.object));
    }
  } finally {
    await engine.close();
  }
  const next = nextCommand(options.config);
  for (const { problems } of comparisons) io.err(directoryFindings(problems, io, next));
  if (options.json) io.out(jsonDocument(comparisonJson(comparisons, against)));
  else for (const comparison of comparisons) io.out(`${comparisonHuman(comparison, against, io.width, options)}\n`);
  const pending = comparisons.some(({ replacements }) => replacements.some(({ change }) => change !== 'stay'));
  return options.detailedExitcode && pending ? EXIT.changesPending : EXIT.fine;
}

async function mappingOf(io: Io, name: string): Promise<MappingDocument> {
  const { mapping, diagnostics } = await loadMapping(resolve(io.cwd, name));
  if (mapping !== undefined) return mapping;
  throw new EngineError(diagnosticsHuman(diagnostics, io), {
    category: 'configuration',
    code: 'bad-mapping',
    remedy: 'mend these and run again',
  });
}

/** Totals stay those of everybody. @throws EngineError `configuration` for a name that fits nobody */
async function only(engine: Engine, whole: Comparison, references: readonly string[]): Promise<Comparison> {
  const ids = new Set<string>();
  for (const reference of references) {
    const found = await engine.find(whole.job, reference);
    if (found.length === 0) await engine.findOne(whole.job, reference); // nobody: says so, and who is near
    for (const { id } of found) ids.add(id);
  }
  return { ...whole, replacements: whole.replacements.filter(({ source }) => ids.has(source.id)) };
}
