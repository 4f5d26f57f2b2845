/** One object of the directory as a job sees it: its link, its escrow, its scope, its attributes. */
import type { Escrow } from '../model/job-state.ts';
import type { Link } from '../model/link.ts';
import type { SourceObject } from '../model/source-object.ts';
import { type Subject, toSubject } from '../plan/subject.ts';
import type { Directory, Store } from '../ports.ts';
import { chooseObject } from './choose-object.ts';
import type { JobPorts } from './job-ports.ts';

export type FoundSubject = {
  readonly object: SourceObject;
  readonly link: Link | undefined;
  readonly escrow: Escrow | undefined;
  /** Undefined when the job does not map objects of this type. */
  readonly subject: Subject | undefined;
};

/** @throws EngineError `configuration`: `unknown-object`, `ambiguous-object` */
export async function findSubject(
  { directory, store }: { readonly directory: Directory; readonly store: Store },
  { job, context }: JobPorts,
  reference: string,
): Promise<FoundSubject> {
  const object = await chooseObject(directory, reference);
  const link = (await store.linksOf(job.jobId, [object.id])).get(object.id);
  const escrow = (await store.escrowsOf(job.jobId, [object.id])).get(object.id);
  const mapping = job.mappings.find(({ type }) => type === object.type);
  if (mapping === undefined) return { object, link, escrow, subject: undefined };
  const subject = toSubject({ mapping, object, known: true, link, escrow, rules: job.rules, context });
  return { object, link, escrow, subject };
}
