import { z } from 'zod';

type Bare<T> = T extends z.ZodDefault<infer Inner> ? Inner : T extends z.ZodOptional<infer Inner> ? Inner : T;
type Overriding<Shape extends z.core.$ZodShape> = {
  [Key in keyof Shape]: Bare<Shape[Key]> extends z.core.SomeType ? z.ZodOptional<Bare<Shape[Key]>> : never;
};

/** The same keys without their defaults: what an environment or a gateway may set differently, and nothing it leaves out is touched. */
export function overriding<Shape extends z.core.$ZodShape>(object: z.ZodObject<Shape>) {
  const bare = Object.entries(object.shape).map(([key, value]) => {
    const description = (value as z.ZodType).description;
    const inner =
      value instanceof z.ZodDefault || value instanceof z.ZodOptional
        ? (value.unwrap() as z.ZodType)
        : (value as z.ZodType);
    const optional = inner.optional();
    return [key, description === undefined ? optional : optional.describe(description)];
  });
  return z.strictObject(Object.fromEntries(bare) as unknown as Overriding<Shape>);
}
