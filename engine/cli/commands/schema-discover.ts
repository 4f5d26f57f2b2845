/** `schema discover`: the attributes that the application offers, as target paths for a mapping. */
import type { Discovery } from '../../engine.ts';
import { colour } from '../colour.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import type { Io } from '../io.ts';
import { jsonDocument } from '../json-document.ts';
import { type ConfigOption, chosenJobs, openToLook } from '../open.ts';

export type SchemaDiscoverOptions = ConfigOption & { readonly job?: string; readonly json: boolean };

export async function schemaDiscover(io: Io, options: SchemaDiscoverOptions): Promise<ExitCode> {
  const { engine } = await openToLook(io, options);
  const results: Discovery[] = [];
  try {
    for (const job of chosenJobs(engine, options.job)) results.push(await engine.discover(job, { signal: io.signal }));
  } finally {
    await engine.close();
  }
  if (options.json) io.out(jsonDocument({ jobs: results }));
  else io.out(`${results.map(human).join('\n\n')}\n`);
  return EXIT.fine;
}

function human({ job, schemas, undescribed }: Discovery): string {
  const lines = [`${colour.bold(job)} · ${colour.green('✓')} mapped   · offered   - read-only`];
  for (const { id, paths } of schemas) {
    lines.push('', `  ${id}`);
    for (const { path, type, readOnly, mapped } of paths) {
      const mark = mapped ? colour.green('✓') : readOnly ? '-' : '·';
      lines.push(`    ${mark} ${path}  ${colour.dim(type)}`);
    }
  }
  if (undescribed.length > 0)
    lines.push('', '  mapped, and described by no schema', ...undescribed.map((path) => `    ! ${path}`));
  return lines.join('\n');
}
