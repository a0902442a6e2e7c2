import type { z } from "zod";
import { jsonSchemaOf } from "../../worker/adapters/http/openapi/schema-collector.ts";
import type { JsonSchema } from "../../worker/adapters/http/openapi/schema-collector.ts";
import { table } from "./markdown.ts";

const MAX_DEPTH = 5;
const CONSTRAINTS = [
  ["minimum", "≥ "],
  ["exclusiveMinimum", "> "],
  ["maximum", "≤ "],
  ["exclusiveMaximum", "< "],
  ["minLength", "length ≥ "],
  ["maxLength", "length ≤ "],
  ["minItems", "items ≥ "],
  ["maxItems", "items ≤ "],
] as const;

type Row = readonly [field: string, type: string, required: string, rules: string];

/**
 * A schema's fields as a Markdown table; fields of fields are written `a.b`, items of lists `a[]`.
 * The alternatives of a union have a table each.
 */
export function schemaTable(schema: z.ZodType, io: "input" | "output"): string {
  const json = jsonSchemaOf(schema, io);
  const alternatives = alternativesOf(json);
  if (alternatives.length < 2) return fieldTable(json);
  return alternatives.map((each) => `**\`${nameOf(each)}\`**\n\n${fieldTable(each)}`).join("\n\n");
}

function fieldTable(json: JsonSchema): string {
  const rows = rowsOf(json, "", 0);
  if (rows.length > 0) return table(["Field", "Type", "Required", "Rules"], rows);
  const rules = rulesOf(json);
  return rules === "" ? `${typeOf(json)}.` : `${typeOf(json)} (${rules}).`;
}

/** The objects a union is made of, unions in unions included; none for anything else. */
function alternativesOf(json: JsonSchema): JsonSchema[] {
  const options = optionsOf(json);
  const objects = options.flatMap((option) => (option.properties ? [option] : alternativesOf(option)));
  return objects.length >= options.length ? objects : [];
}

/** What tells an alternative from the others: its first constant, or the pattern of its type. */
function nameOf(json: JsonSchema): string {
  const constant = constantOf(json);
  if (constant) return String(constant[1]);
  const pattern = json.properties?.["type"]?.["pattern"];
  return typeof pattern === "string" ? `…${pattern.replace(/\$$/, "")}` : "object";
}

/** A required field that can have one value only, and that value. */
function constantOf(json: JsonSchema): readonly [name: string, value: unknown] | undefined {
  const found = Object.entries(json.properties ?? {}).find(
    ([name, field]) => field["const"] !== undefined && json.required?.includes(name),
  );
  return found && [found[0], found[1]["const"]];
}

function rowsOf(schema: JsonSchema, prefix: string, depth: number): Row[] {
  if (depth > MAX_DEPTH) return [];
  const rows: Row[] = [];
  for (const [name, field] of Object.entries(schema.properties ?? {})) {
    const path = `${prefix}${name}`;
    const required = schema.required?.includes(name) ? "yes" : "";
    rows.push([`\`${path}\``, typeOf(field), required, rulesOf(field)], ...inside(field, path, depth));
  }
  for (const option of optionsOf(schema)) rows.push(...rowsOf(option, variantPrefix(option, prefix), depth + 1));
  return rows;
}

/** The rows below a field: of its object, of its items, of its alternatives. */
function inside(field: JsonSchema, path: string, depth: number): Row[] {
  const items = field["items"];
  if (isSchema(items))
    return [...rowsOf(items, `${path}[].`, depth + 1), ...inside({ anyOf: items["anyOf"] }, `${path}[]`, depth + 1)];
  if (field.properties) return rowsOf(field, `${path}.`, depth + 1);
  return optionsOf(field).flatMap((option) =>
    option.properties ? rowsOf(option, variantPrefix(option, `${path}.`), depth + 1) : inside(option, path, depth + 1),
  );
}

/** Alternatives told apart by a constant field are named by it: `feedback(type=brand_lift).`. */
function variantPrefix(option: JsonSchema, prefix: string): string {
  const constant = constantOf(option);
  return constant ? `${prefix.replace(/\.$/, "")}(${constant[0]}=${String(constant[1])}).` : prefix;
}

function optionsOf(schema: JsonSchema): JsonSchema[] {
  return [schema["anyOf"], schema["oneOf"]].flatMap((list) => (Array.isArray(list) ? list.filter(isSchema) : []));
}

function typeOf(schema: JsonSchema): string {
  const options = optionsOf(schema);
  if (options.length > 0) return [...new Set(options.map(typeOf))].join(" or ");
  if (schema["const"] !== undefined) return `\`${JSON.stringify(schema["const"])}\``;
  const values = schema["enum"];
  if (Array.isArray(values))
    return values.length > 12
      ? `one of ${values.length} names`
      : values.map((value) => `\`${String(value)}\``).join(", ");
  if (schema["type"] === "array") {
    const { items, prefixItems } = schema;
    if (Array.isArray(prefixItems))
      return `[${prefixItems.filter(isSchema).map(typeOf).join(", ")}${isSchema(items) ? `, …${typeOf(items)}` : ""}]`;
    return `list of ${isSchema(items) ? typeOf(items) : "anything"}`;
  }
  const { type } = schema;
  if (typeof type !== "string") return "anything";
  return typeof schema["format"] === "string" ? `${type} (${schema["format"]})` : type;
}

function rulesOf(schema: JsonSchema): string {
  const rules: string[] = [];
  for (const [keyword, words] of CONSTRAINTS) {
    const value = schema[keyword];
    // JSON numbers beyond 2^53 cannot occur anyway, so that limit of every integer says nothing.
    if (typeof value === "number" && Math.abs(value) !== Number.MAX_SAFE_INTEGER) rules.push(`${words}${value}`);
  }
  if (typeof schema["pattern"] === "string" && schema["format"] === undefined) rules.push(`\`${schema["pattern"]}\``);
  if (schema["default"] !== undefined) rules.push(`default \`${JSON.stringify(schema["default"])}\``);
  if (typeof schema["description"] === "string") rules.push(schema["description"]);
  for (const option of optionsOf(schema)) if (rulesOf(option) !== "") rules.push(rulesOf(option));
  const items = schema["items"];
  if (isSchema(items) && !items.properties && rulesOf(items) !== "") rules.push(`each ${rulesOf(items)}`);
  return rules.join("; ");
}

function isSchema(value: unknown): value is JsonSchema {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
