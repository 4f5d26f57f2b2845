/** `docs/quirks.md`: every option of the wire, and the clients that can be played, from their definitions. */
import { CLIENT_PROFILES } from '../scim/client-profile.ts';
import { QUIRK_SOURCES, quirkProperties } from './quirk-schema.ts';

type Property = { readonly description: string; readonly default?: unknown; readonly enum?: readonly string[] };

/** The page, for `npm run generate`. */
export function quirksPage(): string {
  const options = Object.entries(quirkProperties).map(([name, property]) => {
    const { description, default: usual, enum: values } = property as Property;
    const choices = (values ?? []).map((value) => `\`${value}\``).join(', ');
    const source = QUIRK_SOURCES[name as keyof typeof quirkProperties];
    const preset = usual === undefined ? '' : `\`${String(usual)}\``;
    return `| \`${name}\` | ${preset} | ${description}${choices === '' ? '' : ` One of ${choices}.`} | ${source} |`;
  });
  const clients = Object.values(CLIENT_PROFILES).map(({ name, summary }) => `| \`${name}\` | ${summary} |`);
  return `# Quirks

Generated from \`engine/config/quirk-schema.ts\` and \`engine/scim/client-profile.ts\`; do not edit.

Options of \`target\` in the configuration that change what goes over the wire, and nothing else.

| option | default | what it does | statement |
|---|---|---|---|
${options.join('\n')}

## Clients

| \`client\` | whose requests |
|---|---|
${clients.join('\n')}
`;
}
