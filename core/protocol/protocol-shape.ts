import { z } from "zod";
import { canonicalJson } from "../model/json.ts";
import type { RoomDefinition } from "../model/room.ts";
import { Envelope } from "./envelope.ts";
import { ControlFrame, DownFrame } from "./frames.ts";

/**
 * Everything two sides of a socket must agree on, as canonical JSON: frames, payloads, what events carry to browsers,
 * resident entities and signals. Its hash tells whether a change is one that an old browser tab would misread.
 */
export function protocolShape(rooms: readonly RoomDefinition[]): string {
  const shape = new Map<string, unknown>([
    ["frame up", jsonSchema(ControlFrame)],
    ["frame command", jsonSchema(Envelope)],
    ["frame down", jsonSchema(DownFrame)],
  ]);
  for (const room of rooms) {
    const add = (what: string, name: string, schema: z.ZodType): void => {
      shape.set(`${room.kind} ${what} ${name}`, jsonSchema(schema));
    };
    for (const command of room.commands.values()) add("command", command.type, command.input);
    for (const event of room.events.values()) add("event", event.type, event.wire?.data ?? event.data);
    for (const kind of room.entities.values()) if (kind.resident) add("entity", kind.kind, kind.schema);
    for (const signal of room.signals.values()) add("signal", signal.name, signal.data);
  }
  return canonicalJson(Object.fromEntries(shape));
}

function jsonSchema(schema: z.ZodType): unknown {
  return JSON.parse(JSON.stringify(z.toJSONSchema(schema, { io: "input", unrepresentable: "any" })));
}
