/** `demo`: the tour in six acts, a screenful each, on a folder of its own that stays for `status` and `logs`. */
import { existsSync } from 'node:fs';
import { copyFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { CONTOSO_DAY } from '../../../fixtures/directories/contoso-day.ts';
import { editDirectory } from '../../../fixtures/directories/edit-directory.ts';
import { withControlSurface } from '../../../fixtures/targets/control-surface.ts';
import { createScimApp } from '../../../fixtures/targets/scim-app.ts';
import { serveApp } from '../../../fixtures/targets/serve-app.ts';
import { openEngine } from '../../compose.ts';
import type { Engine } from '../../engine.ts';
import { shipped } from '../../host/package-folder.ts';
import { EngineError } from '../../model/engine-error.ts';
import { badUsage } from '../bad-usage.ts';
import { colour } from '../colour.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import type { Io } from '../io.ts';
import { type NextCommand, nextCommand } from '../next-command.ts';
import { diagnosticsHuman } from '../views/diagnostics-human.ts';
import { previewHuman } from '../views/preview-human.ts';
import { failed, remarkable, syncHuman } from '../views/sync-human.ts';
import { hanging } from '../views/text-width.ts';
import { whyHuman } from '../views/why-human.ts';

const TOKEN = 'demo-token';
/** Whom the application refuses once. */
const UNLUCKY = 'raj.patel@contoso.com';
/** Of the first plan, so that the act fits a screen. */
const SHOWN_OBJECTS = 8;
/** Time to read an act, where somebody sits at a terminal. */
const PAUSE_MS = 1000;

export type DemoOptions = { readonly keep: string };

export async function demo(io: Io, options: DemoOptions): Promise<ExitCode> {
  const folder = resolve(io.cwd, options.keep);
  const app = withControlSurface(createScimApp({ token: TOKEN, nextId: counter() }));
  const server = await serveApp(app);
  const act = async (title: string) => {
    if (io.isTerminal && io.isPiped !== true) await pause(PAUSE_MS, undefined, { signal: io.signal });
    io.out(`\n${colour.bold(`── ${title} `)}${'─'.repeat(Math.max(3, 74 - title.length))}\n\n`);
  };
  const next = nextCommand(shown(io, folder, 'config.yaml'));
  try {
    await prepare(folder, `${server.url}/scim`);
    const engine = await openDemo(io, join(folder, 'config.yaml'));
    try {
      await act('1 · The directory and the app');
      io.out(`Contoso has 30 users and 6 groups: ${shown(io, folder, 'contoso.yaml')}\n`);
      io.out(`The mapping is the portal's default:  ${shown(io, folder, 'mapping.yaml')}\n`);
      io.out(`${hanging(`A strict SCIM 2.0 app listens at ${server.url}/scim and knows nobody yet.`, io.width, '')}\n`);

      await act('2 · What Entra would do: scimulate preview');
      io.out(`${previewHuman(await engine.preview('demo'), io.width, { objects: SHOWN_OBJECTS })}\n`);

      await act('3 · The initial cycle: scimulate sync');
      // One account is refused once, as real applications do: the object fails, the cycle goes on.
      app.inject({
        match: { method: 'POST', path: '/Users' },
        times: 1,
        fault: { kind: 'status', status: 400, body: refusal() },
      });
      await cycle(io, engine, next);

      await act(`4 · Why it failed: scimulate why ${UNLUCKY}`);
      const why = await engine.why('demo', UNLUCKY, { offline: false, signal: io.signal });
      io.out(`${whyHuman(why, io.width, next)}\n`);

      await act('5 · A day at Contoso');
      for (const { what } of CONTOSO_DAY) if (what !== '') io.out(`  ${what.startsWith('…') ? '  ' : '•'} ${what}\n`);
      const path = join(folder, 'contoso.yaml');
      await writeFile(path, editDirectory(await readFile(path, 'utf8'), CONTOSO_DAY));

      await act('6 · The incremental cycle: only what changed, and the retry');
      io.out(`${previewHuman(await engine.preview('demo'), io.width)}\n\n`);
      await cycle(io, engine, next);
    } finally {
      await engine.close();
    }
  } finally {
    await server.close();
  }
  farewell(io, next);
  return EXIT.fine;
}

async function cycle(io: Io, engine: Engine, next: NextCommand): Promise<void> {
  const remarks = remarkable();
  const result = await engine.sync('demo', {
    signal: io.signal,
    onOutcome: remarks.note,
  });
  io.out(`${syncHuman(result, remarks, io.width, next, await engine.escrowsOf('demo', failed(remarks)))}\n`);
  if (result.error !== undefined) throw result.error;
}

/** What the demo writes; the configuration says whose they are. */
const FILES = ['config.yaml', 'contoso.yaml', 'mapping.yaml', 'token', 'state.db'] as const;
const OURS = '# Of `scimulate demo`, which writes this folder anew each time.';

/** A fresh folder with directory, mapping and configuration. Only one that the demo made is written over. */
async function prepare(folder: string, url: string): Promise<void> {
  const present = FILES.filter((name) => existsSync(join(folder, name)));
  if (present.length > 0 && !(await isOurs(folder))) {
    throw badUsage(`${present.join(', ')} of ${folder} would be written over`, 'choose another folder: --keep FOLDER');
  }
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'config.yaml'), configuration(url, join(folder, 'token')));
  for (const suffix of ['', '-wal', '-shm']) await rm(join(folder, `state.db${suffix}`), { force: true });
  await copyFile(shipped('fixtures', 'directories', 'contoso.yaml'), join(folder, 'contoso.yaml'));
  await copyFile(shipped('mappings', 'scim.yaml'), join(folder, 'mapping.yaml'));
  await writeFile(join(folder, 'token'), TOKEN);
}

async function isOurs(folder: string): Promise<boolean> {
  const text = await readFile(join(folder, 'config.yaml'), 'utf8').catch(() => '');
  return text.startsWith(OURS);
}

function configuration(url: string, tokenFile: string): string {
  return `${OURS}
tenantId: 0f9e8d7c-6b5a-4938-8271-605f4e3d2c1b
store: state.db
directory: { type: file, path: contoso.yaml }
jobs:
  - name: demo
    mappings: mapping.yaml
    target:
      url: ${url}
      auth: { type: bearer, token: '\${file:${tokenFile}}' }
`;
}

async function openDemo(io: Io, path: string): Promise<Engine> {
  const { engine, diagnostics } = await openEngine(path, { env: {} });
  if (engine !== undefined) return engine;
  throw new EngineError(diagnosticsHuman(diagnostics, io), { category: 'bug', code: 'demo-configuration' });
}

function refusal(): string {
  return JSON.stringify({
    schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'],
    status: '400',
    scimType: 'invalidValue',
    detail: 'The directory of this application is being rebuilt; try again later',
  });
}

function counter(): (type: 'User' | 'Group') => string {
  let count = 0;
  return (type) => `${type === 'User' ? 'u' : 'g'}-${String(++count).padStart(3, '0')}`;
}

function shown(io: Io, folder: string, name: string): string {
  return relative(io.cwd, join(folder, name)) || name;
}

function farewell(io: Io, next: NextCommand): void {
  io.out(`\n${colour.bold('Where to go next')}\n`);
  io.out(`  ${next('status')}\n`);
  io.out(`  ${next('logs', '--object', 'ana.sousa@contoso.com')}\n`);
  io.out(`  ${next('explain', 'Coalesce([mail],[userPrincipalName])', '--object', 'eva.berg@contoso.com')}\n`);
  io.out('(in a clone: npx scimulate …)\n');
}
