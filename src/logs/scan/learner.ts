import type { FieldId } from '../../envoy/fields.ts';
import type { Answer } from '../answer.ts';
import type { LineParser, Parsed } from '../read/line-parser.ts';
import { parseText } from '../read/text.ts';
import type { Kernel } from './kernel.ts';
import { mergeShapes, shapeOf } from './shapes.ts';
import { ShapeFields } from './slots.ts';
import { usesOf } from './uses.ts';

/** Shapes that can't be learned cost a second parse each time; after this many there is probably nothing to learn. */
const attempts = 1000;

/** The field that requests are grouped by. */
export const groupField = { route: 'route', backend: 'cluster', authority: 'authority' } as const satisfies Record<
  Answer['routeIs'],
  FieldId
>;

/** Teaches the kernel the shapes of lines that have been read in full, so that it can count the next ones of that shape by itself. */
export class Learner {
  readonly #kernel: Kernel;
  readonly #parser: LineParser;
  readonly #roles: ReadonlyMap<FieldId | undefined, number>;
  readonly #shapes: (readonly string[])[] = [];
  readonly #fields: ShapeFields[] = [];
  readonly #routeIs: Answer['routeIs'];
  readonly #texts = new Set<string>();
  #left = attempts;

  constructor(kernel: Kernel, parser: LineParser, routeIs: Answer['routeIs']) {
    this.#kernel = kernel;
    this.#parser = parser;
    this.#routeIs = routeIs;
    const k = kernel.wasm;
    this.#roles = new Map<FieldId, number>([
      ['status', k.STATUS.value],
      ['flags', k.FLAGS.value],
      ['grpcStatus', k.GRPC.value],
      ['attempts', k.ATTEMPTS.value],
      ['duration', k.DURATION.value],
      ['time', k.TIME.value],
      ['userAgent', k.AGENT.value],
      ['logType', k.LOG_TYPE.value],
      ['weight', k.WEIGHT.value],
      [groupField[routeIs], k.ROUTE.value],
    ]);
  }

  /** Looks at a line that was read in full, and what came of it. True when the kernel knows more than before. */
  learn(line: string, parsed: Parsed): boolean {
    if (this.#left === 0 || !('records' in parsed) || parsed.records.length !== 1) return false;
    const learned = line.startsWith('{') ? this.#json(line) : line.startsWith('[') ? this.#text(line) : false;
    if (!learned) this.#left--;
    return learned;
  }

  /** The fields of a template's keys, in their order. */
  fieldsOf(template: number): ShapeFields | undefined {
    return this.#fields[template];
  }

  #text(line: string): boolean {
    const found = parseText(line.endsWith('\r') ? line.slice(0, -1) : line);
    if (!found || this.#texts.has(found.format)) return false;
    this.#texts.add(found.format);
    this.#kernel.wasm.allowText(found.format === 'istio-text' ? 1 : 0, this.#routeIs === 'authority' ? 0 : 1);
    return true;
  }

  #json(line: string): boolean {
    const { MAX_KEY, MAX_KEYS, MAX_TEMPLATES } = this.#kernel.wasm;
    const shape = shapeOf(line, this.#parser.keys);
    if (!shape || shape.some((key) => bytesOf(key).length > MAX_KEY.value)) return false;
    for (const [number, known] of this.#shapes.entries()) {
      const merged = mergeShapes(known, shape);
      // Nothing new in it: the line is one that the kernel leaves alone for another reason.
      if (merged?.length === known.length) return false;
      if (merged && merged.length <= MAX_KEYS.value) return this.#teach(number, merged);
    }
    if (this.#shapes.length >= MAX_TEMPLATES.value || shape.length > MAX_KEYS.value) return false;
    return this.#teach(this.#shapes.length, shape);
  }

  #teach(number: number, shape: readonly string[]): boolean {
    this.#shapes[number] = shape;
    const ids = shape.map((key) => this.#parser.keys.field(key));
    this.#fields[number] = new ShapeFields(ids);
    const uses = usesOf(ids, this.#routeIs, this.#kernel.wasm);
    this.#kernel.wasm.beginTemplate(number);
    for (const [i, key] of shape.entries())
      this.#kernel.addKey(number, bytesOf(key), this.#roles.get(ids[i]) ?? 0, uses[i] ?? 0);
    return true;
  }
}

const bytesOf = (key: string): Buffer => Buffer.from(`"${key}":`);
