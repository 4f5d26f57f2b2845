/** The requests of an initial cycle, exactly as the engine sends them, for a bare client to repeat. */
import { JOB_TOKEN, openBenchEngine } from './bench-engine.js';
import { generatedDirectory } from './generated-directory.js';

const MEDIA_TYPE = 'application/scim+json';

export async function recordRequests(origin, users, managers = false) {
  const requests = [];
  const onExchange = ({ request, url }) => {
    const { pathname, search } = new URL(url);
    const body = request.body === undefined ? undefined : JSON.stringify(request.body);
    const headers = {
      Authorization: `Bearer ${JOB_TOKEN}`,
      Accept: MEDIA_TYPE,
      ...(body === undefined ? {} : { 'Content-Type': MEDIA_TYPE }),
    };
    requests.push({ method: request.method, path: `${pathname}${search}`, headers, body });
  };
  const directory = generatedDirectory({ users, managers });
  const bench = await openBenchEngine({ origin, directory, store: 'memory', onExchange });
  await bench.sync();
  await bench.close();
  return requests;
}
