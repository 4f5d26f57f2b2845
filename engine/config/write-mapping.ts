/** A mapping file as text, in the style of `mappings/scim.yaml`: one row, clause or attribute per line. Reading it gives it back. */
import { Document, isPair, isScalar, isSeq, Scalar, visit } from 'yaml';
import type { YamlMapping } from './mapping-file.ts';

/** Lists and sets whose entries stand on one line each, by the key above them. */
const FLOW_ENTRIES: ReadonlySet<string> = new Set(['map', 'all', 'attributes', 'metadata', 'apiExpressions']);
/** Lists that stand on one line. */
const FLOW_LISTS: ReadonlySet<string> = new Set(['actions', 'values', 'refs', 'supportedApis']);

/** Characters that only an escape carries through a file unchanged, line breaks included. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what it looks for
const FRAGILE = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff]/;

/** Words that other readers of YAML take for true and false. */
const TREACHEROUS = /^(y|n|yes|no|on|off)$/i;

/** @param schema path or URL of the JSON Schema for editors @param notes comment lines for the top */
export function writeMapping(mapping: YamlMapping, schema: string, notes: readonly string[] = []): string {
  const document = new Document(mapping);
  visit(document, {
    Collection(_key, node, path) {
      const steps = stepsOf(path);
      if (FLOW_ENTRIES.has(steps.at(-2) ?? '') || FLOW_LISTS.has(steps.at(-1) ?? '')) node.flow = true;
    },
    Pair(_key, pair, path) {
      if (path.length === 2 && isScalar(pair.key) && ['directories', 'raw'].includes(String(pair.key.value))) {
        pair.key.spaceBefore = true;
      }
    },
    Scalar(_key, node) {
      if (typeof node.value !== 'string') return;
      if (FRAGILE.test(node.value) || TREACHEROUS.test(node.value)) node.type = Scalar.QUOTE_DOUBLE;
    },
  });
  const text = document.toString({ lineWidth: 0, singleQuote: null });
  const head = [`yaml-language-server: $schema=${schema}`, ...(notes.length === 0 ? [] : ['', ...notes])];
  return `${head.map((line) => `# ${line}`.trimEnd()).join('\n')}\n${text}`;
}

/** Keys on the way to a collection; a position in a list is an empty text. */
function stepsOf(path: readonly unknown[]): readonly string[] {
  return path.flatMap((step, index) => {
    if (isPair(step)) return [isScalar(step.key) ? String(step.key.value) : ''];
    return isSeq(step) && index > 0 ? [''] : [];
  });
}
