/** `target PROFILE`: serves a simulated application on loopback until it is stopped. */

import { withControlSurface } from '../../../fixtures/targets/control-surface.ts';
import { profileNamed, type TargetProfile } from '../../../fixtures/targets/index.ts';
import { type Defect, defects, isDefect } from '../../../fixtures/targets/scim/defects.ts';
import { serveApp } from '../../../fixtures/targets/serve-app.ts';
import { EngineError } from '../../model/engine-error.ts';
import { suggest } from '../../model/suggest.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import type { Io } from '../io.ts';
import { targetHuman } from '../views/target-human.ts';

export type TargetOptions = {
  readonly profile: string;
  readonly port: number;
  readonly host: string;
  readonly token?: string;
  readonly defect: readonly string[];
};

export async function target(io: Io, options: TargetOptions): Promise<ExitCode> {
  const profile = profileNamed(options.profile);
  const app = profile.create({
    ...(options.token === undefined ? {} : { token: options.token }),
    ...(options.defect.length === 0 ? {} : { defects: chosenDefects(options.defect, profile) }),
  });
  const simulated = withControlSurface(app);
  const handle = async (request: Request): Promise<Response> => {
    const answer = await simulated.handle(request);
    const { pathname, search } = new URL(request.url);
    io.err(`${request.method} ${pathname}${search} ${answer.status}\n`);
    return answer;
  };
  const served = await serveApp({ handle }, { port: options.port, host: options.host });
  io.out(`${targetHuman(profile, app, { origin: served.url, defects: options.defect })}\n\n`);
  await new Promise<void>((resolve) => io.signal.addEventListener('abort', () => resolve(), { once: true }));
  await served.close();
  return EXIT.fine;
}

/** @throws EngineError `configuration`: `unknown-defect`, `no-defects` */
function chosenDefects(names: readonly string[], profile: TargetProfile): readonly Defect[] {
  if (profile.takesDefects !== true) {
    throw new EngineError(`the simulated application "${profile.name}" has no defects to choose`, {
      category: 'configuration',
      code: 'no-defects',
      remedy: 'defects are for the profile scim',
    });
  }
  return names.map((name) => {
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
