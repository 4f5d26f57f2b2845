/** `conform`: a SCIM endpoint against what Entra needs. Exit 0 only if Entra would work. */
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { openEndpoint } from '../../compose.ts';
import { certificateProblem } from '../../config/certificate-file.ts';
import type { ConformanceCheck } from '../../conform/check.ts';
import { CONFORMANCE_CHECKS } from '../../conform/checks/index.ts';
import { type ConformanceReport, runChecks } from '../../conform/run-checks.ts';
import { systemClock } from '../../host/clock.ts';
import { randomIds } from '../../host/ids.ts';
import { EngineError } from '../../model/engine-error.ts';
import { suggest } from '../../model/suggest.ts';
import { badUsage } from '../bad-usage.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import type { Io } from '../io.ts';
import { jsonDocument } from '../json-document.ts';
import { checkList, conformHuman } from '../views/conform-human.ts';
import { checkListJson, conformJson, conformJunit } from '../views/conform-json.ts';
import { junitReport } from '../views/junit.ts';
import { progressBar } from '../views/progress.ts';
import { assertReplaceable, junitAt, writeResult } from '../write-result.ts';
import { type SignInOptions, signInOf } from './conform-sign-in.ts';

export type ConformOptions = SignInOptions & {
  readonly url?: string;
  readonly only: readonly string[];
  readonly list: boolean;
  readonly domain: string;
  readonly keep: boolean;
  readonly caFile?: string;
  readonly allowInsecureHttp: boolean;
  readonly allowLinkLocal: boolean;
  readonly userAgent?: string;
  readonly junit?: string;
  readonly har?: string;
  readonly json: boolean;
};

export async function conform(io: Io, options: ConformOptions): Promise<ExitCode> {
  const checks = chosenChecks(options);
  if (options.list) {
    io.out(options.json ? jsonDocument(checkListJson(checks)) : `${checkList(checks)}\n`);
    return EXIT.fine;
  }
  const { url } = options;
  if (url === undefined) throw badUsage('conform needs the endpoint', 'name it: --url https://app.example.com/scim');
  const junit = junitAt(options.junit);
  if (junit !== undefined) await assertReplaceable(io, junit);
  const report = await run(io, options, url, checks);
  const whole = options.only.length === 0;
  const mode = { url, width: io.width, total: checks.length, whole };
  if (options.json) io.out(jsonDocument(conformJson(report, url, whole)));
  else if (report.results.length > 0 || report.error === undefined) io.out(`${conformHuman(report, mode)}\n`);
  if (junit !== undefined) await writeResult(io, junit, junitReport('conform', conformJunit(report)));
  if (report.interrupted) {
    io.err('stopped; what the checks had created is removed, as listed\n');
    return EXIT.interrupted;
  }
  if (report.error !== undefined) throw forCommandLine(report.error, options);
  return report.results.some(({ outcome }) => outcome === 'failed') ? EXIT.objectsFailed : EXIT.fine;
}

async function run(
  io: Io,
  options: ConformOptions,
  url: string,
  checks: readonly ConformanceCheck[],
): Promise<ConformanceReport> {
  const auth = await signInOf(io, options);
  const { caFile, allowInsecureHttp, allowLinkLocal, userAgent, domain, keep, har } = options;
  const wire = openEndpoint({
    url,
    allowInsecureHttp,
    allowLinkLocal,
    ...(userAgent === undefined ? {} : { userAgent }),
    ...(auth === undefined ? {} : { auth }),
    ...(har === undefined ? {} : { har: resolve(io.cwd, har) }),
    ...(caFile === undefined ? {} : { ca: await readCa(io, caFile) }),
  });
  const bar = progressBar(io, 'conform', options.json, 'checks');
  try {
    return await runChecks(
      { wire, clock: systemClock, ids: randomIds },
      {
        checks,
        signal: io.signal,
        domain,
        keep,
        onResult: (_result, done) => bar.update(done, checks.length),
      },
    );
  } finally {
    bar.clear();
    await wire.close();
  }
}

/** @throws EngineError `configuration`, `bad-usage` */
function chosenChecks({ only: ids, list, tokenUrl }: ConformOptions): readonly ConformanceCheck[] {
  const known = CONFORMANCE_CHECKS.map(({ id }) => id);
  for (const id of ids) {
    if (known.includes(id)) continue;
    const near = suggest(id, known);
    const remedy = near === undefined ? 'scimulate conform --list names them' : `did you mean "${near}"?`;
    throw badUsage(`there is no check "${id}"`, remedy);
  }
  const asked = CONFORMANCE_CHECKS.filter(({ id }) => ids.includes(id));
  const needsToken = asked.find(({ asksToken }) => asksToken === true);
  if (needsToken !== undefined && tokenUrl === undefined && !list) {
    throw badUsage(`the check "${needsToken.id}" asks a token endpoint`, 'name it: --token-url URL');
  }
  if (asked.length > 0) return asked;
  return CONFORMANCE_CHECKS.filter(({ asksToken }) => list || tokenUrl !== undefined || asksToken !== true);
}

/** Settings of a job go by other names here. */
const REMEDIES: Readonly<Record<string, string>> = {
  'insecure-target': 'use https, or --allow-insecure-http if the network is yours',
  'link-local-target': 'correct the host name, or add --allow-link-local if the application really is there',
};

const TOKEN =
  "give the endpoint's token with --token '${env:NAME}', or in SCIM_TOKEN; the word Bearer is added by itself";
const CLIENT = 'check --token-url, --client-id, --scope, and the client secret or --client-key';

function forCommandLine(error: EngineError, { tokenUrl }: SignInOptions): EngineError {
  const signIn = error.remedy?.includes('target.auth') === true;
  const remedy = REMEDIES[error.code] ?? (signIn ? (tokenUrl === undefined ? TOKEN : CLIENT) : undefined);
  const { category, code, cause } = error;
  return remedy === undefined ? error : new EngineError(error.message, { category, code, remedy, cause });
}

async function readCa(io: Io, file: string): Promise<string> {
  const path = resolve(io.cwd, file);
  const problem = await certificateProblem(path);
  if (problem !== undefined)
    throw badUsage(`the certificate file ${file} ${problem}`, 'correct the path after --ca-file');
  return readFile(path, 'utf8');
}
