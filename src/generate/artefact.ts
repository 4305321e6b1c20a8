import type { Model } from '../contract/model.ts';

/** A generated file: its path from the output folder's top with `/`, and all of its text. Same Model, same bytes. */
export interface Artefact {
  readonly path: string;
  readonly content: string;
}

/** Makes files of the Model: no clock, no disk, no version in the text. Paths are inside the folder that the registry gives it. */
export type Generator = (model: Model) => readonly Artefact[];
