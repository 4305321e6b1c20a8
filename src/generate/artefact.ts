import type { Model } from '../contract/model.ts';

/** A generated file: its path from the output folder's top with `/`, and all of its text. Same Model, same bytes. */
export interface Artefact {
  readonly path: string;
  readonly content: string;
}

/** Makes files of the Model: no clock, no disk, no version in the text. Paths are inside the folder that the registry gives it. */
export type Generator = (model: Model) => readonly Artefact[];

/** The contract asks for what can't be made of it, though each of its parts is right: what, which part of it, and what to change. */
export class Ungeneratable extends Error {
  override readonly name = 'Ungeneratable';
  readonly path: readonly (string | number)[];
  readonly hint: string;

  constructor(message: string, path: readonly (string | number)[], hint: string) {
    super(message);
    this.path = path;
    this.hint = hint;
  }
}
