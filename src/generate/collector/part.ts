/** What an exporter of one signal brings along: itself, extensions it logs in with, processors and connectors of its own. */
export interface Part {
  readonly exporters: Readonly<Record<string, object>>;
  readonly extensions?: Readonly<Record<string, object>>;
}
