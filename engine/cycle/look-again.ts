/**
 * Objects that a cycle looks at although the directory does not hand them out as changed: whose retry is due, who is linked and
 * not in the directory, and whose deprovision is held.
 */
import type { Link } from '../model/link.ts';
import { everyPage } from '../model/rows.ts';
import { type Asker, idOf, type SourceChange } from '../model/source-object.ts';
import type { Outcome, SourceIdentity } from '../plan/plan.ts';
import type { Cycle } from './cycle.ts';
import { planChanges } from './plan-page.ts';
import { askedPaths, takeTurns } from './take-turns.ts';
import { writePages } from './write-pages.ts';

/**
 * Objects whose retry is due, with fresh data; an object that also changed is evaluated once (cycle.md 3.1, 5.11, D-11). A retry
 * whose object the directory is not certain about waits.
 */
export async function* retryEscrows(cycle: Cycle, mayBeStaged: boolean): AsyncGenerator<Outcome, Set<string>> {
  const { store, clock } = cycle.ports;
  const now = clock.now();
  const retried = new Set<string>();
  const { jobId, pageSize } = cycle.job;
  for await (const escrows of everyPage((after) => store.dueEscrows(jobId, now, after, pageSize))) {
    const changes = await lookAgain(cycle, escrows.map(identityIn), { askedBy: 'retry' });
    for (const change of changes) retried.add(idOf(change));
    const planned = yield* evaluate(cycle, changes, mayBeStaged);
    await forgetVanished(cycle, changes, planned);
  }
  return retried;
}

type Known = Pick<SourceIdentity, 'id' | 'type' | 'displayName'>;

/** As links and escrows name it. */
function identityIn({ sourceId: id, type, displayName }: Pick<Link, 'sourceId' | 'type' | 'displayName'>): Known {
  return { id, type, displayName };
}

/** The present state of these objects, but not of the uncertain: those keep their last known one. */
async function lookAgain(
  { ports: { directory } }: Cycle,
  known: readonly Known[],
  asked: { readonly askedBy?: Asker } = {},
): Promise<readonly SourceChange[]> {
  const ids = known.map(({ id }) => id);
  const objects = await directory.objects(ids);
  const uncertain = await directory.uncertain(ids);
  const certain = known.filter(({ id }) => !uncertain.has(id));
  return certain.map(({ id, type, displayName }): SourceChange => {
    const object = objects.get(id);
    if (object === undefined) return { kind: 'purged', id, type, displayName, ...asked };
    return { kind: 'present', object, known: true, ...asked };
  });
}

/** Who is linked and no longer in the directory: another directory, or one that was restored, never says that they left it. */
export async function* leaveVanished(cycle: Cycle, mayBeStaged: boolean): AsyncGenerator<Outcome> {
  const { jobId, pageSize } = cycle.job;
  for await (const links of everyPage((after) => cycle.ports.store.links(jobId, after, pageSize))) {
    const gone = (await lookAgain(cycle, links.map(identityIn))).filter(({ kind }) => kind === 'purged');
    yield* evaluate(cycle, gone, mayBeStaged);
  }
}

/** What was held is carried out only for objects that still leave, by today's settings: each is looked at once more (D-18). */
export async function* recheckHeld(cycle: Cycle): AsyncGenerator<Outcome> {
  const { store } = cycle.ports;
  const { jobId, pageSize } = cycle.job;
  for await (const held of everyPage((after) => store.stagedDeprovisions(jobId, after, pageSize))) {
    const changes = await lookAgain(
      cycle,
      held.map(({ source }) => source),
    );
    const planned = yield* evaluate(cycle, changes, true);
    const unknown = changes.map(idOf).filter((id) => !planned.has(id));
    await store.commit(
      jobId,
      unknown.map((sourceId) => ({ kind: 'unstage', sourceId })),
    );
  }
}

/** An object that vanished before it was ever created, and for which nothing is planned, leaves nothing to retry. */
async function forgetVanished(
  cycle: Cycle,
  changes: readonly SourceChange[],
  planned: ReadonlySet<string>,
): Promise<void> {
  const purged = changes
    .filter((change) => change.kind === 'purged')
    .flatMap((change) => (planned.has(idOf(change)) ? [] : idOf(change)));
  if (purged.length === 0) return;
  const links = await cycle.ports.store.linksOf(cycle.job.jobId, purged);
  const gone = purged.filter((id) => !links.has(id));
  await cycle.ports.store.commit(
    cycle.job.jobId,
    gone.map((sourceId) => ({ kind: 'escrow-cleared', sourceId })),
  );
}

/** Plans one page and carries it out, in turns. Returns the ids of the objects for which something was planned. */
async function* evaluate(
  cycle: Cycle,
  changes: readonly SourceChange[],
  mayBeStaged: boolean,
): AsyncGenerator<Outcome, ReadonlySet<string>> {
  const asked = askedPaths(cycle.job.mappings);
  const planned = new Set<string>();
  const turns = [changes];
  for (let turn = turns.shift(); turn !== undefined; turn = turns.shift()) {
    if (turn.length === 0) continue;
    const { now, later } = takeTurns(turn, await planChanges(cycle, turn), asked);
    yield* writePages(cycle, [{ changes: turn, operations: now }], { mayBeStaged });
    for (const { source } of now) planned.add(source.id);
    turns.push(...later);
  }
  return planned;
}
