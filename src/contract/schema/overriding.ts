import { z } from 'zod';

type Bare<T> = T extends z.ZodDefault<infer Inner> | z.ZodOptional<infer Inner> ? Inner : T;
type Optional<T> =
  T extends z.ZodPrefault<z.ZodObject<infer Shape>>
    ? z.ZodOptional<z.ZodObject<Overriding<Shape>, z.core.$strict>>
    : T extends z.ZodPrefault<infer Inner extends z.core.SomeType>
      ? z.ZodOptional<Inner>
      : Bare<T> extends z.core.SomeType
        ? z.ZodOptional<Bare<T>>
        : never;
type Overriding<Shape extends z.core.$ZodShape> = { [Key in keyof Shape]: Optional<Shape[Key]> };

/**
 * The same keys without their defaults: what an environment, a cluster or a gateway may set differently, and nothing it leaves out is
 * touched. A map that is always there is overridden key by key; an optional one is replaced whole.
 */
export function overriding<Shape extends z.core.$ZodShape>(
  object: z.ZodObject<Shape>,
): z.ZodObject<Overriding<Shape>, z.core.$strict> {
  const bare = Object.entries(object.shape).map(([key, value]): [string, z.ZodType] => {
    const { description } = value as z.ZodType;
    const optional = without(value as z.ZodType).optional();
    return [key, description === undefined ? optional : optional.describe(description)];
  });
  return z.strictObject(Object.fromEntries(bare) as unknown as Overriding<Shape>);
}

function without(value: z.ZodType): z.ZodType {
  if (value instanceof z.ZodPrefault) {
    const inner = value.unwrap();
    return inner instanceof z.ZodObject ? overriding(inner) : (inner as z.ZodType);
  }
  return value instanceof z.ZodDefault || value instanceof z.ZodOptional ? (value.unwrap() as z.ZodType) : value;
}
