/** Settings that are a span of time. */
import { formatDuration, parseDuration } from '../model/instant.ts';
import { errorFinding, type Finding } from './finding.ts';

/**
 * Milliseconds of `text`; undefined, and a finding, when it is none, or longer than `longest`: what no timer or calendar can hold
 * would come at once instead of late.
 */
export function readDuration(text: string, longest: number, report: (finding: Finding) => void): number | undefined {
  const milliseconds = parseDuration(text);
  if (milliseconds === undefined || milliseconds <= 0) {
    report(errorFinding('bad-duration', `"${text}" is not a duration. Write it like PT30S, PT40M or P1D.`));
    return undefined;
  }
  if (milliseconds <= longest) return milliseconds;
  report(errorFinding('bad-duration', `"${text}" is too long. Write ${formatDuration(longest)} at most.`));
  return undefined;
}
