/** `preview`: the plan of the next cycle; reads the target, writes nothing anywhere. */
import type { Engine, Preview } from '../../engine.ts';
import type { Operation } from '../../plan/plan.ts';
import { badUsage } from '../bad-usage.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import type { Io } from '../io.ts';
import { jsonDocument } from '../json-document.ts';
import { hints, nextCommand } from '../next-command.ts';
import { chosenJobs, openToLook } from '../open.ts';
import { directoryFindings } from '../views/diagnostics-human.ts';
import { previewHuman } from '../views/preview-human.ts';
import { previewJson } from '../views/preview-json.ts';
import { type AgainstOptions, previewAgainst } from './preview-against.ts';

export type PreviewOptions = Omit<AgainstOptions, 'against'> & { readonly against?: string };

export async function preview(io: Io, options: PreviewOptions): Promise<ExitCode> {
  const { against } = options;
  if (against !== undefined) return previewAgainst(io, { ...options, against });
  if (options.online) {
    throw badUsage('--online goes with --against', 'leave it out: preview reads the target unless --offline');
  }
  const { engine } = await openToLook(io, options);
  const previews: Preview[] = [];
  try {
    for (const job of chosenJobs(engine, options.job)) {
      const whole = await engine.preview(job, { offline: options.offline, signal: io.signal });
      previews.push(options.object.length === 0 ? whole : await only(engine, job, whole, options.object));
    }
  } finally {
    await engine.close();
  }
  const next = nextCommand(options.config);
  for (const { problems } of previews) io.err(directoryFindings(problems, io, next));
  for (const { name, notices } of previews) for (const notice of notices) io.err(`${name}: warning  ${notice}\n`);
  if (options.json) io.out(jsonDocument(previewJson(previews)));
  else {
    for (const one of previews) io.out(`${previewHuman(one, io.width, { full: options.object.length > 0 })}\n`);
    if (previews.every((one) => one.error === undefined)) io.out(`${nextStep(options, previews, io.width)}\n`);
  }
  if (previews.some((one) => one.error !== undefined)) return EXIT.jobFailed;
  const pending = previews.some((one) => one.operations.some((operation) => operation.requests.length > 0));
  return options.detailedExitcode && pending ? EXIT.changesPending : EXIT.fine;
}

function nextStep({ config, object, offline }: PreviewOptions, previews: readonly Preview[], width: number): string {
  const next = nextCommand(config);
  const doIt = `Do it: ${next('sync')}`;
  if (object.length > 0) return doIt;
  const [only] = previews;
  // What was planned without the target is seldom what a cycle plans.
  const isOne = only !== undefined && previews.length === 1 && !offline && only.operations.length > 0;
  const pinned = isOne ? [`This and nothing else: ${next('sync', '--expect', only.checksum)}`] : [];
  return hints(width, [`Requests: ${next('preview', '--object', 'REF')}`, doIt, ...pinned]);
}

/** The operations of the named objects. @throws EngineError `configuration` for a name that fits nobody */
async function only(engine: Engine, job: string, whole: Preview, references: readonly string[]): Promise<Preview> {
  const ids = new Set<string>();
  for (const reference of references) {
    const found = await engine.find(job, reference);
    const planned = whole.operations.filter((operation) => answersTo(operation, reference));
    for (const object of found) ids.add(object.id);
    for (const operation of planned) ids.add(operation.source.id);
    if (found.length + planned.length === 0) await engine.findOne(job, reference); // nobody: says so, and who is near
  }
  return { ...whole, operations: whole.operations.filter((operation) => ids.has(operation.source.id)) };
}

function answersTo({ source }: Operation, reference: string): boolean {
  const names = [source.id, source.displayName, source.userPrincipalName];
  return names.some((name) => name?.toLowerCase() === reference.toLowerCase());
}
