/** What Entra does with an answer that is no success: the engine's own classification, in words (cycle.md 10e; scim-wire.md 9). */
import { classifyResponse } from '../apply/classify-response.ts';
import { readErrorBody } from '../scim/error-response.ts';
import type { Exchange } from './conversation.ts';

/** `answered 400: Invalid value for active`, `answered 201 instead of 409`. */
export function answered(exchange: Exchange, wanted?: number): string {
  if (exchange.status === 0) return `got no answer: ${exchange.text}`;
  const { detail } = exchange.status < 300 ? {} : readErrorBody(exchange.body ?? exchange.text);
  const instead = wanted === undefined ? '' : ` instead of ${wanted}`;
  return `answered ${exchange.status}${instead}${detail === undefined ? '' : `: ${detail}`}`;
}

/** What becomes of the object, or of the job. */
export function reactionTo({ request, status, body, text }: Exchange): string {
  const answer = status === 0 ? 'no answer' : String(status);
  if (request.method === 'GET') return reactionToRead(request.path, status, answer);
  if (status === 0) return 'logs the failure and tries again in the next cycle, about 40 minutes later';
  const failure = classifyResponse(request, { status, body: body ?? text });
  if (failure === undefined) return 'takes it for success';
  const again = status === 429 || status >= 500 ? 'in the next cycle' : 'with growing gaps for 28 days';
  return `logs ${failure.code} for the object, keeps it in escrow and tries again ${again}; until then the change is not made`;
}

function reactionToRead(path: string, status: number, answer: string): string {
  if (path.includes('filter=') && status === 404) {
    return 'stops the cycle with ScimComplianceNotFound and puts the job into quarantine';
  }
  if (status === 404) return 'logs InvalidAnchor: the account it was linked to is gone';
  return `cannot see what the target holds (${answer}); the object fails and is tried again later`;
}
