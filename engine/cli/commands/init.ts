/** `init`: asks which application and where the directory is, and writes a folder that works. */
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import {
  APPLICATION_PROFILES,
  type ApplicationProfile,
  acceptsTenantUrl,
  applicationProfile,
} from '../../gallery/index.ts';
import { shipped } from '../../host/package-folder.ts';
import { DEMO_TOKEN, demoAddress, type StarterFile, starterFiles } from '../../init/starter.ts';
import { EngineError } from '../../model/engine-error.ts';
import { suggest } from '../../model/suggest.ts';
import { parseTenantUrl } from '../../scim/tenant-url.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import type { Io } from '../io.ts';
import { quoted } from '../next-command.ts';

export type InitOptions = {
  readonly folder: string;
  readonly template?: string;
  readonly url?: string;
  readonly directory?: string;
  readonly demo: boolean;
  readonly force: boolean;
};

const CUSTOM = 'scim';

export async function init(io: Io, options: InitOptions): Promise<ExitCode> {
  const folder = resolve(io.cwd, options.folder);
  const profile = await chooseProfile(io, options);
  const url = await chooseUrl(io, profile, options);
  const given = options.directory ?? (await chooseDirectory(io, options));
  const hasDirectory = given !== undefined && existsSync(resolve(io.cwd, given));
  if (options.directory !== undefined && !hasDirectory) {
    throw refusal(
      `there is no directory file ${options.directory}`,
      'correct --directory, or leave it out for a new one',
    );
  }
  const directory = hasDirectory ? toPosix(relative(folder, resolve(io.cwd, given ?? ''))) : 'directory.yaml';
  const answers = { profile, url, directory, demo: options.demo, tenantId: randomUUID() };
  const files = starterFiles(answers, await texts(profile, folder), hasDirectory);
  await writeAll(folder, files, options.force);
  io.out(`${report(io, folder, files)}\n${nextSteps(io, folder, profile, options)}`);
  return EXIT.fine;
}

async function chooseProfile(io: Io, { template, demo }: InitOptions): Promise<ApplicationProfile | undefined> {
  const names = [CUSTOM, ...APPLICATION_PROFILES.map(({ name }) => name)];
  const titles = APPLICATION_PROFILES.map(({ name, title }) => `  ${name.padEnd(20)} ${title}`).join('\n');
  const question = `Which application?\n  ${CUSTOM.padEnd(20)} any SCIM 2.0 application\n${titles}\n[${CUSTOM}] `;
  const asked = template ?? (demo ? '' : ((await io.ask?.(question)) ?? ''));
  const name = asked.trim() === '' ? CUSTOM : asked.trim();
  if (names.includes(name)) return applicationProfile(name);
  const near = suggest(name, names);
  throw refusal(
    `there is no template "${name}"`,
    near === undefined ? `templates: ${names.join(', ')}` : `did you mean "${near}"?`,
  );
}

async function chooseUrl(io: Io, profile: ApplicationProfile | undefined, options: InitOptions): Promise<string> {
  const usual = exampleUrl(profile);
  if (options.url === undefined && (options.demo || profile?.tenantUrl.fixed !== undefined || io.ask === undefined))
    return usual;
  const entered = options.url ?? (await io.ask?.(`Tenant URL, as entered in Entra? [${usual}] `)) ?? '';
  const url = entered.trim() === '' ? usual : entered.trim();
  const unusable = unusableUrl(url);
  if (unusable !== undefined) throw unusable;
  if (profile === undefined || acceptsTenantUrl(profile, url)) return url;
  throw refusal(`${url} is not the tenant URL of ${profile.title}`, `it is ${profile.tenantUrl.example}`);
}

/** Why `validate` would refuse it in a configuration. */
function unusableUrl(url: string): EngineError | undefined {
  try {
    parseTenantUrl(url);
    return undefined;
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    return refusal(error.message, error.remedy ?? '');
  }
}

/** The address of the real application where there is one; else that of the simulated one. */
function exampleUrl(profile: ApplicationProfile | undefined): string {
  if (profile === undefined) return demoAddress(undefined, '');
  const example = profile.tenantUrl.fixed ?? profile.tenantUrl.example;
  return example.replace(/,.*$/, '').replace('<company id>', '1000000001').replace('<IdP ID>', 'idp-1');
}

async function chooseDirectory(io: Io, { demo }: InitOptions): Promise<string | undefined> {
  if (demo || io.ask === undefined) return undefined;
  const path = (await io.ask('Directory file with your users? [a new one] ')).trim();
  if (path === '' || existsSync(resolve(io.cwd, path))) return path === '' ? undefined : path;
  throw refusal(`there is no directory file ${path}`, 'correct the path, or leave it empty for a new one');
}

async function texts(profile: ApplicationProfile | undefined, folder: string) {
  return {
    mapping: await readFile(shipped('mappings', `${profile?.name ?? CUSTOM}.yaml`), 'utf8'),
    directory: await readFile(shipped('fixtures', 'directories', 'small.yaml'), 'utf8'),
    schemas: toPosix(relative(folder, shipped('engine', 'config'))),
  };
}

/** All or nothing: nothing is written over unless `force`. */
async function writeAll(folder: string, files: readonly StarterFile[], force: boolean): Promise<void> {
  const present = files.filter(({ path }) => existsSync(join(folder, path))).map(({ path }) => path);
  if (present.length > 0 && !force) {
    throw refusal(`${present.join(', ')} would be written over`, 'choose another folder, or add --force');
  }
  for (const { path, text, secret } of files) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text, { mode: secret === true ? 0o600 : 0o644 });
  }
}

function report(io: Io, folder: string, files: readonly StarterFile[]): string {
  return files.map(({ path }) => `wrote  ${toPosix(relative(io.cwd, join(folder, path)))}\n`).join('');
}

function nextSteps(io: Io, folder: string, profile: ApplicationProfile | undefined, { demo }: InitOptions): string {
  const config = quoted(toPosix(relative(io.cwd, join(folder, 'config.yaml'))));
  const name = profile?.name ?? CUSTOM;
  const first = demo
    ? [`  scimulate target ${name} --port 8801 --token ${DEMO_TOKEN} &`]
    : ['  export SCIM_TOKEN=…', `  scimulate validate -c ${config} --connect`];
  return ['Next:', ...first, `  scimulate preview -c ${config}`, `  scimulate sync -c ${config}`, ''].join('\n');
}

function refusal(message: string, remedy: string): EngineError {
  return new EngineError(message, { category: 'configuration', code: 'init-refused', remedy });
}

function toPosix(path: string): string {
  return path.replaceAll('\\', '/');
}
