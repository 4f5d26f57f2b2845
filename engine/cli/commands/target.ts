/** `target PROFILE`: serves a simulated application on loopback until it is stopped. */

import { withControlSurface } from '../../../fixtures/targets/control-surface.ts';
import { targetProfiles } from '../../../fixtures/targets/index.ts';
import { type Defect, defects, isDefect } from '../../../fixtures/targets/scim/defects.ts';
import { serveApp } from '../../../fixtures/targets/serve-app.ts';
import { EngineError } from '../../model/engine-error.ts';
import { suggest } from '../../model/suggest.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import type { Io } from '../io.ts';

export type TargetOptions = {
  readonly profile: string;
  readonly port: number;
  readonly host: string;
  readonly token?: string;
  readonly defect: readonly string[];
};

export async function target(io: Io, options: TargetOptions): Promise<ExitCode> {
  const profile = targetProfiles[options.profile];
  if (profile === undefined) throw unknownProfile(options.profile);
  const app = profile.create({
    ...(options.token === undefined ? {} : { token: options.token }),
    ...(options.defect.length === 0 ? {} : { defects: chosenDefects(options) }),
  });
  const simulated = withControlSurface(app);
  const handle = async (request: Request): Promise<Response> => {
    const answer = await simulated.handle(request);
    const { pathname, search } = new URL(request.url);
    io.err(`${request.method} ${pathname}${search} ${answer.status}\n`);
    return answer;
  };
  const served = await serveApp({ handle }, { port: options.port, host: options.host }).catch((error: unknown) => {
    throw portProblem(error, options.port);
  });
  const token = options.token === undefined ? 'no token needed' : `token ${options.token}`;
  const broken = options.defect.length === 0 ? '' : ` · broken on purpose: ${options.defect.join(', ')}`;
  io.out(`${profile.name}: ${served.url}${app.basePath} · ${token}${broken} · stop with Ctrl-C\n`);
  await new Promise<void>((resolve) => io.signal.addEventListener('abort', () => resolve(), { once: true }));
  await served.close();
  return EXIT.fine;
}

/** @throws EngineError `configuration`: `unknown-defect`, `no-defects` */
function chosenDefects({ defect, profile }: TargetOptions): readonly Defect[] {
  if (targetProfiles[profile]?.takesDefects !== true) {
    throw new EngineError(`the simulated application "${profile}" has no defects to choose`, {
      category: 'configuration',
      code: 'no-defects',
      remedy: 'defects are for the profile scim',
    });
  }
  return defect.map((name) => {
    if (isDefect(name)) return name;
    const near = suggest(name, Object.keys(defects));
    const all = Object.entries(defects).map(([known, text]) => `\n       ${known}: ${text}`);
    throw new EngineError(`there is no defect "${name}"`, {
      category: 'configuration',
      code: 'unknown-defect',
      remedy: near === undefined ? `defects:${all.join('')}` : `did you mean "${near}"?`,
    });
  });
}

function unknownProfile(name: string): EngineError {
  const names = Object.keys(targetProfiles);
  const near = suggest(name, names);
  return new EngineError(`there is no simulated application "${name}"`, {
    category: 'configuration',
    code: 'unknown-profile',
    remedy: near === undefined ? `profiles: ${names.join(', ')}` : `did you mean "${near}"?`,
  });
}

function portProblem(error: unknown, port: number): unknown {
  if ((error as { code?: string }).code !== 'EADDRINUSE') return error;
  return new EngineError(`port ${port} is taken by another program`, {
    category: 'configuration',
    code: 'port-in-use',
    remedy: 'choose another with --port, or 0 for any free one',
  });
}
