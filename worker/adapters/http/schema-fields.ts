import { z } from "zod";

/** Whether a schema has a field of that name at its top level, in any of its alternatives. */
export function hasField(schema: z.core.$ZodType, name: string): boolean {
  if (schema instanceof z.ZodObject) return name in schema.shape;
  if (schema instanceof z.ZodUnion) return schema.options.some((option) => hasField(option, name));
  if (schema instanceof z.ZodIntersection) return hasField(schema.def.left, name) || hasField(schema.def.right, name);
  if (schema instanceof z.ZodPipe) return hasField(schema.in, name);
  return false;
}
