/** Row by row what a mapping makes of an object, failures included: for explaining and testing, where one bad row hides no other. */
import { ExpressionError } from '../expression/expression-error.ts';
import { EngineError } from '../model/engine-error.ts';
import type { CompiledObjectMapping, CompiledRow, SourceAttributes } from './compile-mapping.ts';
import type { Flow } from './flow-rules.ts';
import { type MapOptions, mapRow } from './map-object.ts';

/** Why a row fails: its expression, or a value that the target attribute does not take. */
type RowFailure = Pick<ExpressionError | EngineError, 'code' | 'message'>;

export type ExplainedRow = { readonly compiled: CompiledRow } & (
  | { readonly flow: Flow }
  | { readonly failure: RowFailure }
);

/** The value rows in stored order; references are not among them. */
export function explainRows(
  mapping: CompiledObjectMapping,
  source: SourceAttributes,
  options: MapOptions,
): readonly ExplainedRow[] {
  return mapping.rows.map((compiled) => {
    try {
      return { compiled, flow: mapRow(compiled, source, options) };
    } catch (error) {
      if (!(error instanceof EngineError) || error.category !== 'object') throw error;
      return { compiled, failure: error.cause instanceof ExpressionError ? error.cause : error };
    }
  });
}
