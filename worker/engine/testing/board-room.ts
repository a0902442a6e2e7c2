import { z } from "zod";
import { ROLES, SYSTEM_ACTOR } from "../../../core/model/access.ts";
import { defineCommand } from "../../../core/model/command.ts";
import { defineEntity } from "../../../core/model/entity.ts";
import { defineEvent } from "../../../core/model/event.ts";
import { refuse } from "../../../core/model/refusal.ts";
import { defineRoom } from "../../../core/model/room.ts";
import type { Admission, DomainModule, Identity } from "../../../core/model/room.ts";
import type { ReadTx } from "../../../core/model/transaction.ts";
import { boardModule, secretWritten } from "./board.ts";

const Id = z.string().min(1).max(64);
const Person = z.strictObject({ id: Id, role: z.enum(ROLES) });
const Revocation = z.strictObject({ id: Id });

/** Who may come in: the id is both the token's subject and the member. */
export const people = defineEntity("person", { about: "Somebody who may come in.", schema: Person });
const revocations = defineEntity("session_revocation", { about: "A sign-in that was ended.", schema: Revocation });

const personSet = defineEvent("person:set:v1:success", {
  data: z.strictObject({ id: Id, role: z.enum(ROLES).nullable() }),
  apply(tx, { id, role }) {
    if (role) tx.put(people, { id, role });
    else tx.delete(people, id);
  },
});

const signedOut = defineEvent("person:sign_out:v1:success", {
  data: Revocation,
  apply(tx, revocation) {
    tx.put(revocations, revocation);
  },
});

const createBoard = defineCommand("board:create:v1", {
  about: "Create the board; its creator owns it.",
  input: z.strictObject({ allowed: z.boolean().default(true) }),
  example: { allowed: true },
  needs: "workspace.edit",
  refuses: ["INVALID_STATE", "ID_IN_USE"],
  emits: [personSet],
  answers: "created",
  creates_room: true,
  decide(tx, { allowed }, { actor }) {
    if (tx.list(people).length > 0) return refuse("ID_IN_USE", "It exists");
    return allowed ? [personSet.of({ id: actor.id, role: "owner" })] : refuse("INVALID_STATE", "Not today");
  },
});

const setPerson = defineCommand("person:set:v1", {
  about: "Let somebody in, change their role, or (null) show them out.",
  input: z.strictObject({ id: Id, role: z.enum(ROLES).nullable() }),
  example: { id: "ben", role: "viewer" },
  needs: "member.manage",
  refuses: [],
  emits: [personSet],
  decide: (_tx, input) => [personSet.of(input)],
});

const signOut = defineCommand("person:sign_out:v1", {
  about: "End a sign-in.",
  input: z.strictObject({ session_id: Id }),
  example: { session_id: "s" },
  needs: "member.manage",
  refuses: [],
  emits: [signedOut],
  decide: (_tx, { session_id }) => [signedOut.of({ id: session_id })],
});

/** One commit that writes a secret and lets somebody see it. */
const shareSecret = defineCommand("secret:share:v1", {
  about: "Write a secret and make somebody an admin, in one.",
  input: z.strictObject({ id: Id, text: z.string(), person: Id, role: z.enum(ROLES) }),
  example: { id: "s1", text: "Cake", person: "ben", role: "admin" },
  needs: "member.manage",
  refuses: [],
  emits: [secretWritten, personSet],
  decide: (_tx, { id, text, person, role }) => [secretWritten.of({ id, text }), personSet.of({ id: person, role })],
});

const peopleModule: DomainModule = {
  name: "people",
  entities: [people, revocations],
  events: [personSet, signedOut],
  commands: [createBoard, setPerson, signOut, shareSecret],
  signals: [],
};

/** The room that the engine's tests run: small, with one of everything that the engine treats in its own way. */
export const boardRoom = defineRoom({ kind: "workspace", modules: [boardModule, peopleModule], admit });

/** What a change of rights touches. */
export const ACCESS_KINDS: ReadonlySet<string> = new Set([people.kind, revocations.kind]);

function admit(tx: ReadTx, { kind, subject, session_id }: Identity): Admission | null {
  if (kind === "system") return { actor: SYSTEM_ACTOR, grants: { kind: "system" } };
  if (session_id !== null && tx.get(revocations, session_id)) return null;
  const person = tx.get(people, subject);
  if (!person) return null;
  return { actor: { kind: "member", id: person.id }, grants: { kind: "role", role: person.role } };
}
