/** Which mapping tests there are: beside the mapping files of a configuration, or in a folder. */
import { readdir, readFile, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { parse } from 'yaml';

const TEST_FILE = /\.test\.ya?ml$/;

/** Test files in `folder`, sorted; none when there is no such folder. */
export async function testsIn(folder: string): Promise<readonly string[]> {
  const names = await readdir(folder).catch(() => []);
  return names
    .filter((name) => TEST_FILE.test(name))
    .sort()
    .map((name) => join(folder, name));
}

/** Test files beside the mapping files that a configuration names; the rest of the configuration may be wrong. */
export async function testsOf(configPath: string): Promise<readonly string[]> {
  const jobs = jobsIn(await readFile(configPath, 'utf8'));
  const folders = jobs.flatMap((job) =>
    typeof job?.mappings === 'string' ? [dirname(resolve(dirname(configPath), job.mappings))] : [],
  );
  return (await Promise.all([...new Set(folders)].map(testsIn))).flat();
}

/** The tests that `name` stands for: a test file, a folder of them, or a mapping file with a test beside it. */
export async function testsNamed(name: string): Promise<readonly string[]> {
  if ((await stat(name).catch(() => undefined))?.isDirectory() === true) return testsIn(name);
  if (TEST_FILE.test(name)) return [name];
  const stem = name.replace(/\.ya?ml$/, '.');
  const beside = (await testsIn(dirname(name))).filter((test) => test.startsWith(stem));
  return beside.length > 0 ? beside : [name];
}

function jobsIn(text: string): readonly ({ readonly mappings?: unknown } | null)[] {
  try {
    const { jobs } = (parse(text) ?? {}) as { readonly jobs?: unknown };
    return Array.isArray(jobs) ? jobs : [];
  } catch {
    return []; // `validate` has more to say about a file that is no YAML
  }
}
