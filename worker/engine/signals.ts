import type { RoomDefinition } from "../../core/model/room.ts";
import type { Session, Sessions } from "./sessions.ts";
import type { Visibility } from "./visibility.ts";

/** What signalling works with. */
export interface SignalDeps {
  readonly room: RoomDefinition;
  readonly sessions: Sessions;
  readonly visibility: Visibility;
  readonly now: number;
}

/** Tells everybody who may see it, now and never again. Throws for a signal that the room or its schema does not know. */
export function broadcastSignal({ room, sessions, visibility, now }: SignalDeps, name: string, data: unknown): void {
  const definition = room.signals.get(name);
  if (!definition) throw new Error(`This room has no signal ${name}`);
  const parsed = definition.data.parse(data);
  const audience = definition.audience(parsed);
  const texts = new Map<string, string>();
  const told = (session: Session): boolean =>
    session.receives(now) && visibility.seesAudience(session.admission.grants, audience);
  for (const session of sessions.all()) {
    if (!told(session)) continue;
    const { codec } = session.sink;
    const text = texts.get(codec.name) ?? codec.encode({ type: "signal", name, data: parsed });
    texts.set(codec.name, text);
    sessions.sendText(session, text);
  }
}
