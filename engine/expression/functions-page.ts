/** `docs/functions.md`: every function with signature, summary and examples, from its definition. */
import { type FunctionDefinition, type FunctionExample, signatureOf } from './function-definition.ts';

/** The page, for `npm run generate`. */
export function functionsPage(functions: readonly FunctionDefinition[]): string {
  const head = `# Expression functions

Generated from \`engine/expression/functions/\`; do not edit. ${functions.length} functions. Every example runs as a test.
Try one on a user of your directory: \`scimulate explain 'ToLower([mail])' --object ana@contoso.com\`.
`;
  return [head, ...functions.map(section)].join('\n');
}

function section(definition: FunctionDefinition): string {
  const { name, summary, specification, examples, undocumented } = definition;
  const warning = undocumented === undefined ? [] : [`\`validate\` warns: ${undocumented}`, ''];
  return [
    `## ${name}`,
    '',
    `\`${signatureOf(definition)}\`: ${summary} ([reference](${specification}))`,
    '',
    ...warning,
    ...examples.map(example),
    '',
  ].join('\n');
}

function example([expression, result, source]: FunctionExample): string {
  const given = source === undefined ? '' : ` given \`${JSON.stringify(source)}\``;
  return `- \`${expression}\` → \`${JSON.stringify(result)}\`${given}`;
}
