/** The files that `init` writes: a configuration that runs, its mapping, and for a demonstration a directory and a token (gallery.md 6). */
import type { ApplicationProfile } from '../gallery/index.ts';

/** What the person chose. */
export type Answers = {
  /** A gallery application; undefined for a custom SCIM application. */
  readonly profile: ApplicationProfile | undefined;
  /** Tenant URL as entered in Entra. */
  readonly url: string;
  /** Path of the directory file as it stands in the configuration. */
  readonly directory: string;
  /** Works at once against `scimulate target`, with a directory and a token of its own. */
  readonly demo: boolean;
  /** A new UUID. */
  readonly tenantId: string;
};

export type Texts = {
  /** The shipped mapping file of the application. */
  readonly mapping: string;
  /** The directory of a demonstration. */
  readonly directory: string;
  /** The folder of the published schemas, as seen from the folder of the configuration. */
  readonly schemas: string;
};

/** A file below the folder; `secret` ones are readable by their owner alone. */
export type StarterFile = { readonly path: string; readonly text: string; readonly secret?: boolean };

/** The address at which `scimulate target` listens when nothing else is said. */
const LOCAL = 'http://127.0.0.1:8801';
export const DEMO_TOKEN = 'dev';
const NEW_DIRECTORY = `users:
  - id: u-1
    userPrincipalName: ana@contoso.com
    displayName: Ana Sousa
    givenName: Ana
    surname: Sousa
    mail: ana@contoso.com
groups: []
applications:
  - name: app
    roles: [User]
    assignments:
      - { user: u-1, role: User }
`;

/** Every file, the configuration first. A directory is among them unless the person has one. */
export function starterFiles(answers: Answers, texts: Texts, hasDirectory: boolean): readonly StarterFile[] {
  const name = answers.profile?.name ?? 'scim';
  const mapping = `mappings/${name}.yaml`;
  const files: StarterFile[] = [
    { path: 'config.yaml', text: configurationText(answers, mapping, texts.schemas) },
    { path: mapping, text: withSchema(texts.mapping, `../${texts.schemas}/mapping.schema.json`) },
  ];
  if (!hasDirectory) {
    const text = answers.demo ? texts.directory : NEW_DIRECTORY;
    files.push({ path: answers.directory, text: withSchema(text, `${texts.schemas}/directory.schema.json`) });
  }
  if (answers.demo) files.push({ path: 'secrets/scim-token', text: DEMO_TOKEN, secret: true });
  return files;
}

/** The path that the simulated application of this profile answers under. */
export function demoAddress(profile: ApplicationProfile | undefined, url: string): string {
  return profile === undefined ? `${LOCAL}/scim` : `${LOCAL}${new URL(url).pathname.replace(/\/$/, '')}/`;
}

function configurationText(answers: Answers, mapping: string, schemas: string): string {
  const { profile, url, directory, demo, tenantId } = answers;
  const title = profile?.title ?? 'a SCIM application';
  const token = demo ? '${file:secrets/scim-token}' : '${env:SCIM_TOKEN}';
  const consent = profile?.credentials === 'oauth' && !demo ? CONSENT : '';
  const override =
    demo && profile !== undefined
      ? `\n      override: ${demoAddress(profile, url)}    # scimulate target ${profile.name}; without this line the real one`
      : '';
  return `# yaml-language-server: $schema=${schemas}/config.schema.json
#
# ${title}. Try it: scimulate validate, then preview, then sync. docs and every setting: config.example.yaml of the package.
tenantId: ${tenantId}
store: .scimulate/state.db
directory: { type: file, path: ${directory} }
jobs:
  - name: ${profile?.name ?? 'scim'}
    application: app                     # whose assignments count${profileLine(profile)}
    mappings: ${mapping}
    scope: assigned                      # users and groups assigned to the application; "all" takes the whole directory
    schedule: { interval: ${profile?.interval ?? 'PT40M'} }
    target:
      url: ${url}${override}
      auth: { type: bearer, token: '${token}' }${consent}
    deletions: { guard: true, threshold: 500, percent: 40 }
`;
}

/** The template alone would not do where two applications share one. */
function profileLine(profile: ApplicationProfile | undefined): string {
  if (profile === undefined) return '';
  const setting = `\n    profile: ${profile.name}`.padEnd(42);
  return `${setting}# whose addresses, rhythm, scopes and attributes count`;
}

const CONSENT = `
      # With the refresh token of an administrator's consent instead of a long-lived token:
      # auth:
      #   type: oauth2-authorization-code
      #   tokenUrl: https://…/oauth/access_token
      #   clientId: …
      #   clientSecret: \${env:CLIENT_SECRET}
      #   refreshToken: \${env:REFRESH_TOKEN}
      #   tokenFile: .scimulate/tokens.json`;

/** The text with its first line pointing at the schema from where it will stand. */
function withSchema(text: string, schema: string): string {
  const body = text.replace(/^# yaml-language-server:.*\n/, '');
  return `# yaml-language-server: $schema=${schema}\n${body}`;
}
