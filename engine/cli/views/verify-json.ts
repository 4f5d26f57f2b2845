/** `verify --json`, one job of it. */
import { type Divergence, isConverged, type Verification } from '../../engine.ts';
import { describeRequest } from '../../scim/describe-request.ts';
import type { Write } from '../../verify/explain-difference.ts';
import { whatDiffers } from './verify-human.ts';

export function verificationJson(result: Verification): unknown {
  const { name, jobId, checked, total, divergences, unreadTotal, unread, durationMs } = result;
  return {
    name,
    jobId,
    converged: isConverged(result),
    checked: { users: checked.User, groups: checked.Group },
    total,
    divergences: divergences.map(toJson),
    unreadTotal,
    unread: unread.map(({ link, code, message }) => ({ ...identityOf(link), code, message })),
    durationMs,
  };
}

function toJson(divergence: Divergence): unknown {
  const { link, difference, explanation, request, curl, restore } = divergence;
  const { cause, evidence, write, undoneBy } = explanation;
  return {
    ...identityOf(link),
    ...difference,
    found: difference.kind === 'gone' ? null : difference.found,
    summary: whatDiffers(divergence),
    cause,
    evidence,
    write: writeJson(write),
    undoneBy: writeJson(undoneBy),
    restore: restore?.curl ?? null,
    request: { ...request, summary: describeRequest(request) },
    curl,
  };
}

function writeJson(write: Write | undefined): unknown {
  return write === undefined
    ? null
    : { at: write.at, cycleId: write.cycleId, action: write.action, answered: write.answered ?? null };
}

function identityOf({ sourceId, type, displayName, targetId }: Divergence['link']): Readonly<Record<string, string>> {
  return { objectType: type, sourceId, displayName, targetId };
}
