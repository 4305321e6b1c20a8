/** `base` with what the overrides set; a key that an override leaves out, or sets to undefined, stays. */
export function merge<T extends object>(base: T, ...overrides: readonly (object | undefined)[]): T {
  const set = overrides.flatMap((o) => Object.entries(o ?? {}).filter(([, value]) => value !== undefined));
  return { ...base, ...Object.fromEntries(set) };
}
