/** The directories there are, under the contract of their port. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { openDirectory } from '../../engine/source/index.ts';
import { openStore } from '../../engine/store/index.ts';
import { type Content, type DirectoryUnderTest, directoryContract } from './directory.ts';

async function file(name: string, print: (content: Content) => string): Promise<DirectoryUnderTest> {
  const folder = await mkdtemp(join(tmpdir(), 'scimulate-'));
  const path = join(folder, name);
  const store = await openStore('memory');
  return {
    write: (content) => writeFile(path, print(content)),
    open: () => openDirectory({ type: 'file', path, mayBeEmpty: false }, { application: 'app', feeds: store }),
    close: async () => {
      await store.close();
      await rm(folder, { recursive: true });
    },
  };
}

const whole = ({ users, groups, assignments }: Content) => ({
  users,
  groups,
  applications: [{ name: 'App', roles: ['User'], assignments }],
});

function lines({ users, groups, assignments }: Content): string {
  const objects = [
    ...users,
    ...groups.map((group) => ({ type: 'group', ...group })),
    { type: 'application', name: 'App', roles: ['User'], assignments },
  ];
  return objects.map((object) => JSON.stringify(object)).join('\n');
}

function table({ users }: Content): string {
  const names = [...new Set(users.flatMap((user) => Object.keys(user)))];
  const cell = (value: unknown) => (value === undefined ? '' : `"${String(value).replaceAll('"', '""')}"`);
  return [names.join(','), ...users.map((user) => names.map((name) => cell(user[name])).join(','))].join('\r\n');
}

directoryContract('YAML', () => file('directory.yaml', (content) => stringify(whole(content))), { groups: true });
directoryContract('JSON', () => file('directory.json', (content) => JSON.stringify(whole(content), null, 2)), {
  groups: true,
});
directoryContract('NDJSON', () => file('directory.ndjson', lines), { groups: true });
directoryContract('CSV', () => file('users.csv', table), { groups: false });
