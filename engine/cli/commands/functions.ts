/** `functions`: the expression functions with signatures and examples. */

import { type FunctionDefinition, signatureOf } from '../../expression/function-definition.ts';
import { FUNCTIONS } from '../../expression/functions/index.ts';
import { EngineError } from '../../model/engine-error.ts';
import { suggest } from '../../model/suggest.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import type { Io } from '../io.ts';
import { jsonDocument } from '../json-document.ts';

export type FunctionsOptions = { readonly name?: string; readonly json: boolean };

export async function functions(io: Io, options: FunctionsOptions): Promise<ExitCode> {
  const chosen = options.name === undefined ? FUNCTIONS : [find(options.name)];
  if (options.json) {
    const list = chosen.map((one) => ({
      name: one.name,
      signature: signatureOf(one),
      summary: one.summary,
      specification: one.specification,
      examples: one.examples,
    }));
    io.out(jsonDocument({ functions: list }));
    return EXIT.fine;
  }
  for (const one of chosen) {
    io.out(`${signatureOf(one)}\n  ${one.summary}\n`);
    if (options.name === undefined) continue;
    for (const [expression, result] of one.examples) io.out(`  ${expression}  →  ${JSON.stringify(result)}\n`);
    io.out(`  ${one.specification}\n`);
  }
  return EXIT.fine;
}

function find(name: string): FunctionDefinition {
  const found = FUNCTIONS.find((one) => one.name.toLowerCase() === name.toLowerCase());
  if (found !== undefined) return found;
  const near = suggest(
    name,
    FUNCTIONS.map((one) => one.name),
  );
  throw new EngineError(`there is no function "${name}"`, {
    category: 'configuration',
    code: 'unknown-function',
    remedy: near === undefined ? 'list them with: scimulate functions' : `did you mean "${near}"?`,
  });
}
