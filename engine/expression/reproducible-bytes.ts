/** Bytes that look random and follow from a seed alone. Not for secrets. */

/** A source of bytes: the same sequence for the same `seed`. Seeded by FNV-1a, mixed by SplitMix32. */
export function reproducibleBytes(seed: string): (count: number) => Uint8Array {
  let state = 0x811c9dc5;
  for (let index = 0; index < seed.length; index++) {
    state = Math.imul(state ^ seed.charCodeAt(index), 0x01000193);
  }
  const next = () => {
    state = (state + 0x9e3779b9) | 0;
    let mixed = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
    return (mixed ^ (mixed >>> 15)) & 0xff;
  };
  return (count) => Uint8Array.from({ length: count }, next);
}
