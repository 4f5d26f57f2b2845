/**
 * Pages planned while earlier ones are carried out, so that the target always has something to do. The plans come out as if
 * each page had waited for the one before: a read that an earlier page may still change waits for that page.
 */

import { letOthersRun } from '../host/let-others-run.ts';
import type { JsonValue } from '../model/scim-message.ts';
import type { DirectoryPage, ObjectType } from '../model/source-object.ts';
import type { Operation } from '../plan/plan.ts';
import type { TargetReader } from '../ports.ts';
import type { Cycle } from './cycle.ts';
import { planChanges } from './plan-page.ts';
import { type AskedPaths, askedPaths, takeTurns } from './take-turns.ts';

/** A page of the directory with what is to be done about it. */
export type PlannedPage = DirectoryPage & { readonly operations: readonly Operation[] };

/** A page that is planned and not yet carried out. */
type Unfinished = {
  /** Values and ids, in lower case, that its requests may write or take away. */
  readonly touched: ReadonlySet<string>;
  readonly finished: Promise<void>;
  readonly finish: () => void;
};

/** While one page is written, the next one is read and planned; what waits longer survives collections of garbage that it need not. */
const PAGES_AHEAD = 1;

/** The plans of `pages`, in order. Asking for the next one says that the last one is carried out. */
export async function* planAhead(cycle: Cycle, pages: AsyncIterable<DirectoryPage>): AsyncGenerator<PlannedPage> {
  const source = pages[Symbol.asyncIterator]();
  const abandoned = new AbortController();
  const signal = AbortSignal.any([cycle.ports.signal, abandoned.signal]);
  const unfinished: Unfinished[] = [];
  /** Parts of pages that have to be planned again. */
  const postponed: DirectoryPage[] = [];
  const ahead: Promise<PlannedPage | undefined>[] = [];
  const waiting = occurrence();
  const asked = askedPaths(cycle.job.mappings);
  let type: ObjectType | undefined;

  const planNext = async (previous: Promise<PlannedPage | undefined> | undefined): Promise<PlannedPage | undefined> => {
    if (previous !== undefined && (await previous) === undefined) return undefined;
    signal.throwIfAborted();
    const page = postponed.shift() ?? (await nextOf(source));
    if (page === undefined) return undefined;
    const before = [...unfinished];
    const begins = typeOf(page);
    if (begins !== type) {
      // Users are through before the first group is read.
      if (before.length > 0) waiting.happen();
      for (const { finished } of before) await finished;
      type = begins;
    }
    await letOthersRun();
    const reader = patientReader(cycle.ports.reader, before, waiting.happen);
    const planned = await planChanges({ ...cycle, ports: { ...cycle.ports, reader, signal } }, page.changes);
    const { now, later } = takeTurns(page.changes, planned, asked);
    for (const changes of later) postponed.push({ ...page, changes });
    unfinished.push(unfinishedPage(now, asked));
    return { ...page, operations: now };
  };
  const start = () => {
    const next = planNext(ahead.at(-1));
    // It is told when its turn comes: what was planned before is carried out first.
    next.catch(() => undefined);
    ahead.push(next);
  };

  try {
    for (let count = 0; count <= PAGES_AHEAD; count += 1) start();
    // One page in advance from the start: from then on the reads of one page and the writes of another fill each other's gaps.
    await Promise.race([Promise.allSettled(ahead.slice(0, 2)), waiting.happened]);
    for (;;) {
      const page = await ahead.shift();
      if (page === undefined) return;
      yield page;
      unfinished.shift()?.finish();
      start();
    }
  } finally {
    abandoned.abort();
    for (const page of unfinished) page.finish();
    await Promise.allSettled(ahead);
    await source.return?.();
  }
}

async function nextOf(source: AsyncIterator<DirectoryPage>): Promise<DirectoryPage | undefined> {
  const next = await source.next();
  return next.done === true ? undefined : next.value;
}

function typeOf({ changes: [first] }: DirectoryPage): ObjectType | undefined {
  return first?.kind === 'present' ? first.object.type : first?.type;
}

function unfinishedPage(operations: readonly Operation[], asked: AskedPaths): Unfinished {
  const touched = new Set<string>();
  for (const { action, held, mapping, requests, target } of operations) {
    if (requests.length === 0) continue;
    if (action === 'create' && held !== undefined) {
      for (const { text } of asked.get(mapping) ?? []) collect(held[text], touched);
      continue;
    }
    for (const { body } of requests) collect(body, touched);
    collect(target?.id, touched);
    collect(target?.resource, touched);
  }
  const { happened: finished, happen: finish } = occurrence();
  return { touched, finished, finish };
}

/** Something that happens once, or never. */
function occurrence(): { readonly happened: Promise<void>; readonly happen: () => void } {
  let happen = (): void => undefined;
  const happened = new Promise<void>((resolve) => {
    happen = resolve;
  });
  return { happened, happen };
}

/** Every text and number in `value`. */
function collect(value: JsonValue | undefined, into: Set<string>): void {
  if (typeof value === 'string') into.add(value.toLowerCase());
  else if (typeof value === 'number') into.add(String(value));
  else if (typeof value === 'object' && value !== null) for (const item of Object.values(value)) collect(item, into);
}

/** `reader`, asking for nothing that one of the unfinished pages touches before that page is finished. */
function patientReader(reader: TargetReader, unfinished: readonly Unfinished[], onWait: () => void): TargetReader {
  const after = async <T>(pages: readonly Unfinished[], ask: () => Promise<T>): Promise<T> => {
    onWait();
    for (const { finished } of pages) await finished;
    return ask();
  };
  /** Asks at once when no page touches `value`, as hardly any does. */
  const patient = <T>(value: string, ask: () => Promise<T>): Promise<T> => {
    const lower = value.toLowerCase();
    const touching = unfinished.filter(({ touched }) => touched.has(lower));
    return touching.length === 0 ? ask() : after(touching, ask);
  };
  return {
    probe: reader.probe,
    find: (type, path, value, signal) => patient(value, () => reader.find(type, path, value, signal)),
    get: (type, id, signal, options) => patient(id, () => reader.get(type, id, signal, options)),
    holds: (type, id, reference, signal) => patient(id, () => reader.holds(type, id, reference, signal)),
  };
}
