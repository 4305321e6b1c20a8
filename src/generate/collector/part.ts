/** Components of one kind by their name, in the order in which they run where order matters. */
export type Components = Readonly<Record<string, object>>;

/** What the exporters of one signal bring along: themselves, and extensions they log in with. */
export interface Part {
  readonly exporters: Components;
  readonly extensions?: Components;
}

export const names = (components: Components): readonly string[] => Object.keys(components);
