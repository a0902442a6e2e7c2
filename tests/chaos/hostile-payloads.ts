import type { CommandDefinition } from "../../core/model/command.ts";

/** A command's frame as it travels, and where in it something was changed (RFC 6901, from the frame's root). */
export interface HostileFrame {
  readonly type: string;
  readonly id: string;
  readonly pointer: string;
  readonly text: string;
}

type Path = readonly (string | number)[];

let made = 0;

/** Every object within a command's example frame gets each of these members that it has not, one at a time, as raw JSON. */
export function withMembers(command: CommandDefinition, members: readonly string[]): HostileFrame[] {
  const frame = frameOf(command);
  return pathsTo(frame, (value) => typeof value === "object" && value !== null && !Array.isArray(value)).flatMap(
    (path) =>
      members
        .filter((member) => !hasMember(at(frame, path), member))
        .map((member) => hostile(command, frame, { path, change: (value) => `{${member},${memberText(value)}}` })),
  );
}

function hasMember(value: unknown, member: string): boolean {
  return Object.keys(value as object).some((name) => member.startsWith(`${JSON.stringify(name)}:`));
}

function at(value: unknown, path: Path): unknown {
  return path.reduce<unknown>((here, step) => Reflect.get(here as object, step), value);
}

/** Every string within a command's example payload is replaced, one at a time. */
export function withStrings(command: CommandDefinition, texts: readonly string[]): HostileFrame[] {
  const frame = frameOf(command);
  return pathsTo(frame, (value) => typeof value === "string")
    .filter(([root]) => root === "payload")
    .flatMap((path) => texts.map((text) => hostile(command, frame, { path, change: () => JSON.stringify(text) })));
}

function frameOf({ type, example }: CommandDefinition): object {
  return { type: `${type}:requested`, id: "ID", payload: example, metadata: { correlation_id: "chaos" } };
}

interface Change {
  readonly path: Path;
  change(value: unknown): string;
}

function hostile(command: CommandDefinition, frame: object, { path, change }: Change): HostileFrame {
  const id = `hostile-${String(++made).padStart(10, "0")}`;
  const text = textOf(frame, { path, change }).replace('"id":"ID"', `"id":"${id}"`);
  return { type: command.type, id, pointer: path.map((step) => `/${step}`).join(""), text };
}

/** JSON by hand, because an object literal cannot hold its own `__proto__`. */
function textOf(value: unknown, { path, change }: Change): string {
  const [step, ...rest] = path;
  if (step === undefined) return change(value);
  if (Array.isArray(value))
    return `[${value.map((item, at) => (at === step ? textOf(item, { path: rest, change }) : JSON.stringify(item))).join(",")}]`;
  const members = Object.entries(value as object).map(([name, item]: [string, unknown]) => {
    const text = name === step ? textOf(item, { path: rest, change }) : JSON.stringify(item);
    return `${JSON.stringify(name)}:${text}`;
  });
  return `{${members.join(",")}}`;
}

function memberText(value: unknown): string {
  return JSON.stringify(value).slice(1, -1) || '"x":1';
}

function pathsTo(value: unknown, wanted: (value: unknown) => boolean, path: Path = []): Path[] {
  const here = wanted(value) ? [path] : [];
  if (typeof value !== "object" || value === null) return here;
  const steps: [string | number, unknown][] = Array.isArray(value) ? [...value.entries()] : Object.entries(value);
  return [...here, ...steps.flatMap(([step, item]) => pathsTo(item, wanted, [...path, step]))];
}
