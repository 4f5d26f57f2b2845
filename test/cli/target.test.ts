/** `scimulate target PROFILE`: what it prints is enough to use the application. */
import { describe, expect, it } from 'vitest';
import { targetProfiles } from '../../fixtures/targets/index.ts';
import { runAs } from '../support/cli.ts';

const profiles = Object.keys(targetProfiles);

/** Starts the command, hands over what it printed, and stops it again. */
async function whileServed(args: readonly string[], use: (text: string) => Promise<void>) {
  const stop = new AbortController();
  let text = '';
  let ready: (text: string) => void = () => undefined;
  const whole = new Promise<string>((resolve) => {
    ready = resolve;
  });
  const onOut = (more: string) => {
    text += more;
    if (text.includes('Ctrl-C')) ready(text);
  };
  const finished = runAs(['target', ...args, '--port', '0'], { signal: stop.signal, onOut });
  try {
    await use(await whole);
  } finally {
    stop.abort();
  }
  return finished;
}

const wordAfter = (text: string, label: string) => new RegExp(`${label}(\\S+)`).exec(text)?.[1] ?? '';
const addressIn = (text: string) => wordAfter(text, 'override: ') || wordAfter(text, ' url: ');
const users = (address: string, token: string) =>
  fetch(`${address.replace(/\/$/, '')}/Users`, { headers: { authorization: `Bearer ${token}`, 'user-agent': 'x' } });

describe.each(profiles)('target %s', (profile) => {
  it('prints an address that takes the token it was started with', async () => {
    await whileServed([profile, '--token', 'dev'], async (text) => {
      expect(text).toContain(targetProfiles[profile]?.summary);
      expect(text).toContain('SCIM_TOKEN=dev');
      expect((await users(addressIn(text), 'dev')).status).toBe(200);
      expect((await users(addressIn(text), 'other')).status).toBe(401);
    });
  });

  it('prints a way in when it was started without a token', async () => {
    await whileServed([profile], async (text) => {
      const token = text.includes('/oauth/consent') ? await consent(text) : wordAfter(text, 'SCIM_TOKEN=');
      expect((await users(addressIn(text), token)).status).toBe(200);
    });
  });

  it('prints the control surface, which lists its actions', async () => {
    const result = await whileServed([profile], async (text) => {
      const address = wordAfter(text, 'curl -s (?=\\S+/_sim/ )');
      const { actions } = JSON.parse(await (await fetch(address)).text());
      expect(actions).toEqual(expect.arrayContaining(['GET /state', 'PATCH /settings', 'POST /clock']));
      expect((await fetch(`${address}state`)).status).toBe(200);
    });
    expect(result?.code).toBe(0);
  });
});

/** Follows the printed commands: consent, then the exchange. */
async function consent(text: string): Promise<string> {
  const [, consentUrl = '', body = ''] = /curl -s (\S+\/oauth\/consent) -d '([^']+)'/.exec(text) ?? [];
  const { code } = JSON.parse(await (await fetch(consentUrl, { method: 'POST', body })).text());
  const [, tokenUrl = '', rest = ''] = /curl -s (\S+\/oauth\/access_token) (.+)/.exec(text) ?? [];
  const form = new URLSearchParams(
    [...rest.matchAll(/-d (\w+)=(\S+)/g)].map(([, name = '', value = '']): [string, string] => [name, value]),
  );
  form.set('code', code);
  const { access_token: token } = JSON.parse(await (await fetch(tokenUrl, { method: 'POST', body: form })).text());
  return token;
}

it('an unknown profile gets the nearest name and all there are', async () => {
  const { code, err } = await runAs(['target', 'meta-network']);
  expect(code).toBe(2);
  expect(err).toContain('there is no simulated application "meta-network"');
  expect(err).toContain('did you mean "meta-networks"?');
  for (const name of profiles) expect(err).toContain(name);
});

it('help names every profile', async () => {
  const { out } = await runAs(['target', '--help']);
  for (const name of profiles) expect(out).toContain(name);
});
