/** `docs/quirks.md`: every option of `target` that concerns the wire, and the clients that can be played, from their definitions. */
import { CLIENT_PROFILES } from '../scim/client-profile.ts';
import { QUIRK_SOURCES, quirkProperties } from './quirk-schema.ts';
import { TRANSPORT_SOURCES, transportProperties } from './transport-schema.ts';

type Property = { readonly description: string; readonly default?: unknown; readonly enum?: readonly string[] };

/** The page, for `npm run generate`. */
export function quirksPage(): string {
  const clients = Object.values(CLIENT_PROFILES).map(({ name, summary }) => `| \`${name}\` | ${summary} |`);
  return `# Quirks

Generated from \`engine/config/quirk-schema.ts\`, \`engine/config/transport-schema.ts\` and \`engine/scim/client-profile.ts\`; do not
edit.

All of these are settings of \`target\` in the configuration.

## What is sent

Options that change what goes over the wire, and nothing else.

${table(quirkProperties, QUIRK_SOURCES)}

## How it is sent

How fast requests go out, what is waited for, and which addresses are contacted at all.

${table(transportProperties, TRANSPORT_SOURCES)}

## Clients

| \`client\` | whose requests |
|---|---|
${clients.join('\n')}
`;
}

function table(properties: Readonly<Record<string, Property>>, sources: Readonly<Record<string, string>>): string {
  const rows = Object.entries(properties).map(([name, { description, default: usual, enum: values = [] }]) => {
    const choices = values.map((value) => `\`${value}\``).join(', ');
    const preset = usual === undefined ? '' : `\`${String(usual)}\``;
    const what = `${description}${choices === '' ? '' : ` One of ${choices}.`}`;
    return `| \`${name}\` | ${preset} | ${what} | ${sources[name] ?? ''} |`;
  });
  return ['| option | default | what it does | statement |', '|---|---|---|---|', ...rows].join('\n');
}
