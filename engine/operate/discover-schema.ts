/** What the target says of itself: its schemas as target paths, and which of them the mapping writes (scim-wire.md 3). A cycle never asks. */
import { type SchemaPath, schemaPaths } from '../scim/schema-paths.ts';
import { type JobPorts, neverAborted } from './job-ports.ts';

export type Discovery = {
  readonly job: string;
  readonly schemas: readonly {
    readonly id: string;
    readonly paths: readonly (SchemaPath & { readonly mapped: boolean })[];
  }[];
  /** Target attributes of the mapping that no schema describes. */
  readonly undescribed: readonly string[];
};

/** Attributes every resource has are described by no schema (RFC 7643 section 3.1). */
const COMMON: readonly string[] = ['id', 'externalid', 'meta'];

/** @throws EngineError `job` when the target does not list its schemas */
export async function discoverSchema(
  { job, openTarget }: JobPorts,
  { signal = neverAborted() }: { readonly signal?: AbortSignal } = {},
): Promise<Discovery> {
  const target = await openTarget();
  try {
    const described = schemaPaths(await target.schemas(signal));
    const written = job.mappings.flatMap(({ rows, references }) =>
      [...rows, ...references].map(({ path }) => path.text),
    );
    const lower = new Set(written.map((path) => path.toLowerCase()));
    const known = new Set([...described.values()].flat().map(({ path }) => path.toLowerCase()));
    return {
      job: job.name,
      schemas: [...described].map(([id, paths]) => ({
        id,
        paths: paths.map((one) => ({ ...one, mapped: lower.has(one.path.toLowerCase()) })),
      })),
      undescribed: written.filter((path) => !known.has(path.toLowerCase()) && !COMMON.includes(path.toLowerCase())),
    };
  } finally {
    await target.close();
  }
}
