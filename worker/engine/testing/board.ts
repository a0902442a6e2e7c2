import { z } from "zod";
import { defineCommand } from "../../../core/model/command.ts";
import { defineEntity } from "../../../core/model/entity.ts";
import { defineEvent } from "../../../core/model/event.ts";
import { invalid, refuse } from "../../../core/model/refusal.ts";
import { defineSignal } from "../../../core/model/signal.ts";

const Id = z.string().min(1).max(64);
const Time = z.iso.datetime();

const Note = z.strictObject({ id: Id, text: z.string(), total: z.int() });
const Entry = z.strictObject({ id: Id, note_id: Id, amount: z.int(), source: z.string() });
const Secret = z.strictObject({ id: Id, text: z.string() });
const Reminder = z.strictObject({ id: Id, at: Time.nullable(), rung: z.int() });

/** Everybody sees these. */
export const notes = defineEntity("note", { about: "A note on the board.", schema: Note });
/** Not resident: browsers hold only the total on their note. */
export const entries = defineEntity("entry", { about: "A line of a note's total.", schema: Entry, resident: false });
/** For admins only. */
export const secrets = defineEntity("secret", {
  about: "A note for admins.",
  schema: Secret,
  audience: () => ({ needs: "member.manage" }),
});
/** Rings at its time, if it has one. */
export const reminders = defineEntity("reminder", {
  about: "Something to be reminded of.",
  schema: Reminder,
  due: ({ id, at }) => (at === null ? null : { at, command: { type: "reminder:ring:v1", payload: { id } } }),
});

const noteWritten = defineEvent("note:write:v1:success", {
  data: z.strictObject({ id: Id, text: z.string() }),
  apply(tx, { id, text }) {
    tx.put(notes, { id, text, total: tx.get(notes, id)?.total ?? 0 });
  },
});

const noteRemoved = defineEvent("note:remove:v1:success", {
  data: z.strictObject({ id: Id }),
  apply(tx, { id }) {
    tx.delete(notes, id);
  },
});

const EntryData = z.strictObject({ entry: Entry, delta: z.int() });
const EntryWire = z.strictObject({ note_id: Id, delta: z.int() });

/** Logged with the whole entry; browsers get what the total needs. */
const entryAdded = defineEvent<z.infer<typeof EntryData>, z.infer<typeof EntryWire>>("entry:add:v1:success", {
  data: EntryData,
  wire: {
    data: EntryWire,
    from({ entry, delta }) {
      if (entry.source === "unspeakable") throw new Error("no wire form");
      return { note_id: entry.note_id, delta };
    },
  },
  apply(tx, data) {
    const noteId = "entry" in data ? data.entry.note_id : data.note_id;
    if ("entry" in data) tx.put(entries, data.entry);
    const note = tx.get(notes, noteId);
    if (note) tx.update(notes, noteId, { total: note.total + data.delta });
  },
});

const secretWritten = defineEvent("secret:write:v1:success", {
  data: Secret,
  audience: () => ({ needs: "member.manage" }),
  apply(tx, secret) {
    tx.put(secrets, secret);
  },
});

const reminderSet = defineEvent("reminder:set:v1:success", {
  data: z.strictObject({ id: Id, at: Time.nullable() }),
  apply(tx, { id, at }) {
    tx.put(reminders, { id, at, rung: tx.get(reminders, id)?.rung ?? 0 });
  },
});

const reminderRung = defineEvent("reminder:ring:v1:success", {
  data: z.strictObject({ id: Id, at: Time.nullable() }),
  apply(tx, { id, at }) {
    const reminder = tx.get(reminders, id);
    if (reminder) tx.update(reminders, id, { at, rung: reminder.rung + 1 });
  },
});

const applyFailed = defineEvent("fail:apply:v1:success", {
  data: z.strictObject({}),
  apply(tx) {
    tx.put(notes, { id: "half", text: "half applied", total: 0 });
    throw new Error("apply failed");
  },
});

export const writeNote = defineCommand("note:write:v1", {
  about: "Write a note.",
  input: z.strictObject({ id: Id, text: z.string() }),
  example: { id: "n1", text: "Milk" },
  needs: "campaign.edit",
  target: ({ id }) => [notes, id],
  refuses: ["NO_CHANGE"],
  emits: [noteWritten],
  decide(tx, input) {
    if (tx.get(notes, input.id)?.text === input.text) return refuse("NO_CHANGE", "It says so already");
    return [noteWritten.of(input)];
  },
});

const removeNote = defineCommand("note:remove:v1", {
  about: "Remove a note.",
  input: z.strictObject({ id: Id }),
  example: { id: "n1" },
  needs: "campaign.edit",
  target: ({ id }) => [notes, id],
  refuses: ["NOT_FOUND"],
  emits: [noteRemoved],
  decide: (tx, input) => (tx.get(notes, input.id) ? [noteRemoved.of(input)] : refuse("NOT_FOUND", "No such note")),
});

const addEntry = defineCommand("entry:add:v1", {
  about: "Add to a note's total.",
  input: z.strictObject({ note_id: Id, amount: z.int(), source: z.string().default("hand") }),
  example: { note_id: "n1", amount: 3, source: "hand" },
  needs: "campaign.edit",
  refuses: ["NOT_FOUND", "NO_CHANGE"],
  emits: [entryAdded],
  answers: "created",
  decide(tx, { note_id, amount, source }, context) {
    if (!tx.get(notes, note_id)) return refuse("NOT_FOUND", "No such note");
    if (amount === 0) return [];
    const id = context.id("ent");
    const before = tx.get(entries, id)?.amount ?? 0;
    return [entryAdded.of({ entry: { id, note_id, amount, source }, delta: amount - before })];
  },
});

const writeSecret = defineCommand("secret:write:v1", {
  about: "Write a note for admins.",
  input: Secret,
  example: { id: "s1", text: "Cake" },
  needs: "member.manage",
  refuses: [],
  emits: [secretWritten],
  optimistic: false,
  decide: (_tx, input, context) => ({
    events: [secretWritten.of(input)],
    once: { key: context.secret().text },
  }),
});

const setReminder = defineCommand("reminder:set:v1", {
  about: "Set or clear a reminder.",
  input: z.strictObject({ id: Id, at: Time.nullable() }),
  example: { id: "r1", at: null },
  needs: "campaign.edit",
  refuses: [],
  emits: [reminderSet],
  decide: (_tx, input) => [reminderSet.of(input)],
});

/** What ringing leads to is in the reminder's name, so that a test can ask for each case. */
const ringReminder = defineCommand("reminder:ring:v1", {
  about: "Ring: the room does it itself.",
  input: z.strictObject({ id: Id }),
  example: { id: "r1" },
  needs: "system",
  refuses: ["INVALID_STATE"],
  emits: [reminderRung],
  optimistic: false,
  decide(tx, { id }, { now }) {
    if (id.startsWith("refused")) return refuse("INVALID_STATE", "It will not ring");
    if (id.startsWith("broken")) throw new Error("the bell is broken");
    const at = tx.get(reminders, id)?.at ?? null;
    if (id.startsWith("stuck")) return [reminderRung.of({ id, at })];
    if (id.startsWith("hourly")) {
      return [reminderRung.of({ id, at: new Date(Date.parse(now) + 3_600_000).toISOString() })];
    }
    return [reminderRung.of({ id, at: null })];
  },
});

const failToDecide = defineCommand("fail:decide:v1", {
  about: "A mistake of ours in decide.",
  input: z.strictObject({}),
  example: {},
  needs: "campaign.edit",
  refuses: [],
  emits: [],
  decide() {
    throw new Error("decide failed");
  },
});

const failToApply = defineCommand("fail:apply:v1", {
  about: "A mistake of ours in apply.",
  input: z.strictObject({}),
  example: {},
  needs: "campaign.edit",
  refuses: [],
  emits: [applyFailed],
  decide: () => [noteWritten.of({ id: "before", text: "written before" }), applyFailed.of({})],
});

const nameField = defineCommand("fail:refuse:v1", {
  about: "Refuse, naming a field.",
  input: z.strictObject({ deep: z.strictObject({ "a/b": z.int().optional() }).optional() }),
  example: {},
  needs: "campaign.edit",
  refuses: ["VALIDATION_ERROR"],
  emits: [],
  decide: () => invalid("/deep", "never right"),
});

/** Somebody is writing at a note. */
export const typing = defineSignal("note:typing", { data: z.strictObject({ note_id: Id }) });
/** For admins only. */
export const whisper = defineSignal("secret:whisper", {
  data: z.strictObject({ text: z.string() }),
  audience: () => ({ needs: "member.manage" }),
});

/** A small domain with one of everything that the engine treats in its own way. */
export const boardModule = {
  name: "board",
  entities: [notes, entries, secrets, reminders],
  events: [noteWritten, noteRemoved, entryAdded, secretWritten, reminderSet, reminderRung, applyFailed],
  commands: [
    writeNote,
    removeNote,
    addEntry,
    writeSecret,
    setReminder,
    ringReminder,
    failToDecide,
    failToApply,
    nameField,
  ],
  signals: [typing, whisper],
};
export { secretWritten };
