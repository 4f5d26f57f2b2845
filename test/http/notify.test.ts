/** News of a quarantine reaches a real mail server and a webhook, or says why it did not. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';
import { afterEach, expect, test } from 'vitest';
import { openNotifier } from '../../engine/notify/index.ts';
import type { News } from '../../engine/record/notification.ts';
import { fixedClock } from '../support/fixed-clock.ts';

const NEWS: News = {
  job: 'workplace',
  jobId: 'scim.x.y',
  at: '2026-01-01T00:00:00.000Z',
  reason: 'EncounteredQuarantineException',
  message: 'the target answered 401',
  nextAttempt: '2026-01-01T06:00:00.000Z',
};

const open: { close: (done: () => void) => void }[] = [];
afterEach(async () => {
  for (const server of open.splice(0)) await new Promise<void>((done) => server.close(done));
});

async function mailServer(): Promise<{ url: string; mails: { to: string[]; text: string }[] }> {
  const mails: { to: string[]; text: string }[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onAuth: ({ username, password }, _session, done) =>
      done(username === 'me' && password === 's3cret' ? null : new Error('who are you'), { user: 'me' }),
    onData: (stream, session, done) => {
      let text = '';
      stream.on('data', (chunk: Buffer) => {
        text += chunk.toString();
      });
      stream.on('end', () => {
        mails.push({ to: session.envelope.rcptTo.map(({ address }) => address), text });
        done();
      });
    },
  });
  server.on('error', () => undefined);
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  open.push(server);
  const { port } = server.server.address() as AddressInfo;
  return { url: `smtp://me:s3cret@127.0.0.1:${port}`, mails };
}

test('a mail names job, reason, what to do, and when it tries again', async () => {
  const { url, mails } = await mailServer();
  const notifier = openNotifier({ mail: { smtp: url, from: 'scimulate@contoso.com' } }, fixedClock());
  await notifier.notify({ ...NEWS, email: 'ops@contoso.com' });
  expect(mails.map(({ to }) => to)).toEqual([['ops@contoso.com']]);
  expect(mails[0]?.text).toContain('Subject: Provisioning of workplace is in quarantine');
  expect(mails[0]?.text).toContain('the target answered 401');
  expect(mails[0]?.text).toContain('2026-01-01T06:00:00.000Z');
});

test('a mail server that refuses is an error without its password', async () => {
  const { url } = await mailServer();
  const notifier = openNotifier({ mail: { smtp: url.replace('s3cret', 'wr0ng'), from: 'a@b.c' } }, fixedClock());
  const error = await notifier.notify({ ...NEWS, email: 'ops@contoso.com' }).catch((one: unknown) => one);
  expect(error).toMatchObject({ category: 'job', code: 'notification-failed' });
  expect(String(error)).not.toContain('wr0ng');
});

test('without a mail server the remedy says where to name one', async () => {
  await expect(openNotifier({}, fixedClock()).notify({ ...NEWS, email: 'ops@contoso.com' })).rejects.toMatchObject({
    remedy: 'set mail.smtp in the configuration',
  });
});

async function hook(status: number): Promise<{ url: string; bodies: unknown[] }> {
  const bodies: unknown[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    bodies.push(JSON.parse(Buffer.concat(chunks).toString()));
    response.writeHead(status).end();
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  open.push(server);
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hooks/secret-path`, bodies };
}

test('a webhook gets the news as JSON', async () => {
  const { url, bodies } = await hook(204);
  await openNotifier({}, fixedClock()).notify({ ...NEWS, webhook: url });
  expect(bodies).toEqual([{ formatVersion: 1, event: 'quarantine', ...NEWS }]);
});

test('an address that is none is an error as well, and not repeated', async () => {
  const error = await openNotifier({}, fixedClock())
    .notify({ ...NEWS, webhook: 'chat.contoso.com/hooks/secret-path' })
    .catch((one: unknown) => one);
  expect(error).toMatchObject({ category: 'job', code: 'notification-failed' });
  expect(String(error)).not.toContain('secret-path');
});

test('a webhook that refuses is an error without its path, which is its secret', async () => {
  const { url } = await hook(404);
  const error = await openNotifier({}, fixedClock())
    .notify({ ...NEWS, webhook: url })
    .catch((one: unknown) => one);
  expect(error).toMatchObject({ code: 'notification-failed', message: expect.stringContaining('it answered 404') });
  expect(String(error)).not.toContain('secret-path');
});
