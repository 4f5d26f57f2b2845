/** Who speaks, where a file or a server wants to know. A test holds it against package.json. */
export const PRODUCT = { name: 'Scimulate', version: '0.1.0' } as const;
