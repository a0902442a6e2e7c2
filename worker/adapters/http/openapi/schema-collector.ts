import { z } from "zod";

/** A JSON Schema, as far as this generator looks into it. */
export interface JsonSchema {
  readonly [keyword: string]: unknown;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
}

const COMPONENTS = "#/components/schemas/";

/** Turns zod schemas into JSON Schema components of one document, each under a name. */
export class SchemaCollector {
  readonly #schemas = new Map<string, JsonSchema>();

  /** Adds a schema that somebody sends (`input`) or receives (`output`). Returns a reference to it. */
  add(name: string, schema: z.ZodType, io: "input" | "output"): { $ref: string } {
    if (!this.#schemas.has(name)) this.#put(name, jsonSchemaOf(schema, io));
    return { $ref: `${COMPONENTS}${name}` };
  }

  /** Adds a schema as it is. */
  put(name: string, schema: JsonSchema): { $ref: string } {
    this.#schemas.set(name, schema);
    return { $ref: `${COMPONENTS}${name}` };
  }

  get(name: string): JsonSchema | undefined {
    return this.#schemas.get(name);
  }

  all(): Record<string, JsonSchema> {
    return Object.fromEntries([...this.#schemas].sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  /** A schema's own definitions become components too, since `#/$defs/x` would mean another place in this document. */
  #put(name: string, { $defs, ...schema }: JsonSchema): void {
    const local = `${name}.`;
    const moved = (part: unknown): JsonSchema =>
      relocate(part, { self: `${COMPONENTS}${name}`, defs: `${COMPONENTS}${local}` });
    this.#schemas.set(name, moved(schema));
    for (const [id, definition] of Object.entries($defs ?? {})) this.#schemas.set(`${local}${id}`, moved(definition));
  }
}

/** The JSON Schema (draft 2020-12) of a zod schema. What JSON Schema cannot say is left out; the room checks it all the same. */
export function jsonSchemaOf(schema: z.ZodType, io: "input" | "output"): JsonSchema {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: "any" });
  // Standard helpers that zod adds are functions; a document holds data only.
  return JSON.parse(JSON.stringify(rest)) as JsonSchema;
}

function relocate(part: unknown, to: { self: string; defs: string }): JsonSchema {
  // The cast is safe: a schema's parts are schemas, and this maps each value to one of the same shape.
  return JSON.parse(JSON.stringify(part), (key, value: unknown) => {
    if (key !== "$ref" || typeof value !== "string") return value;
    return value === "#" ? to.self : value.replace(/^#\/\$defs\//, to.defs);
  }) as JsonSchema;
}
