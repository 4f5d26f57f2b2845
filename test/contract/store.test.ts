/** The stores there are, under the contract of their port. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { openStore } from '../../engine/store/index.ts';
import { storeContract } from './store.ts';

const folder = await mkdtemp(join(tmpdir(), 'scimulate-'));
afterAll(() => rm(folder, { recursive: true, force: true }));
let files = 0;

storeContract('a file', () => openStore(join(folder, `${++files}.db`)));
storeContract('memory', () => openStore('memory'));
