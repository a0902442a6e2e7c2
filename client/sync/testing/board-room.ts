import { z } from "zod";
import { defineCommand } from "../../../core/model/command.ts";
import { defineEntity } from "../../../core/model/entity.ts";
import { defineEvent } from "../../../core/model/event.ts";
import { refuse } from "../../../core/model/refusal.ts";
import { defineRoom } from "../../../core/model/room.ts";
import { defineSignal } from "../../../core/model/signal.ts";

const CardId = z.string().min(1).max(64);

/** A tiny domain with everything that can go wrong in a client: counters, secrets, rows it does not hold. */
export const cards = defineEntity("card", {
  about: "A card on the board.",
  schema: z.strictObject({ id: CardId, title: z.string(), points: z.int(), changed_by: z.string() }),
});

export const secrets = defineEntity("secret", {
  about: "What only admins see.",
  schema: z.strictObject({ id: CardId, text: z.string() }),
  audience: () => ({ needs: "member.manage" }),
});

export const entries = defineEntity("entry", {
  about: "One line of the history of points; not held by browsers.",
  schema: z.strictObject({ id: CardId, card_id: CardId, points: z.int() }),
  resident: false,
});

const cardCreated = defineEvent("card:create:v1:success", {
  data: z.strictObject({ id: CardId, title: z.string() }),
  apply: (tx, { id, title }, { actor }) => tx.create(cards, { id, title, points: 0, changed_by: actor }),
});

const cardRenamed = defineEvent("card:rename:v1:success", {
  data: z.strictObject({ id: CardId, title: z.string() }),
  apply: (tx, { id, title }, { actor }) => tx.update(cards, id, { title, changed_by: actor }),
});

/** Browsers get the points without the entry's id, and add them: applying twice would show. */
const cardScored = defineEvent("card:score:v1:success", {
  data: z.strictObject({ id: CardId, points: z.int(), entry_id: CardId.optional() }),
  wire: {
    data: z.strictObject({ id: CardId, points: z.int(), entry_id: CardId.optional() }),
    from: ({ id, points }) => ({ id, points }),
  },
  apply(tx, { id, points, entry_id }: { id: string; points: number; entry_id?: string | undefined }) {
    if (entry_id) tx.put(entries, { id: entry_id, card_id: id, points });
    const card = tx.get(cards, id);
    if (!card) throw new Error(`No card ${id}`);
    tx.update(cards, id, { points: card.points + points });
  },
});

const cardDeleted = defineEvent("card:delete:v1:success", {
  data: z.strictObject({ id: CardId }),
  apply: (tx, { id }) => tx.delete(cards, id),
});

const secretTold = defineEvent("secret:tell:v1:success", {
  data: z.strictObject({ id: CardId, text: z.string() }),
  audience: () => ({ needs: "member.manage" }),
  apply: (tx, { id, text }) => tx.put(secrets, { id, text }),
});

export const createCard = defineCommand("card:create:v1", {
  about: "Put a card on the board.",
  input: z.strictObject({ id: CardId.optional(), title: z.string().min(1) }),
  example: { title: "First" },
  needs: "campaign.edit",
  refuses: ["ID_IN_USE"],
  emits: [cardCreated],
  answers: "created",
  decide(tx, { id, title }, context) {
    const card = id ?? context.id("card");
    return tx.used(cards, card)
      ? refuse("ID_IN_USE", "There is a card with this id")
      : [cardCreated.of({ id: card, title })];
  },
});

export const renameCard = defineCommand("card:rename:v1", {
  about: "Change a card's title.",
  input: z.strictObject({ id: CardId, title: z.string().min(1) }),
  example: { id: "a", title: "New" },
  needs: "campaign.edit",
  refuses: ["NOT_FOUND", "NO_CHANGE"],
  emits: [cardRenamed],
  target: ({ id }) => [cards, id],
  decide(tx, { id, title }) {
    const card = tx.get(cards, id);
    if (!card) return refuse("NOT_FOUND", "There is no such card");
    return card.title === title ? refuse("NO_CHANGE", "It has this title") : [cardRenamed.of({ id, title })];
  },
});

export const scoreCard = defineCommand("card:score:v1", {
  about: "Add points to a card, at most 10 at once.",
  input: z.strictObject({ id: CardId, points: z.int() }),
  example: { id: "a", points: 1 },
  needs: "campaign.edit",
  refuses: ["NOT_FOUND", "INVALID_STATE"],
  emits: [cardScored],
  decide(tx, { id, points }, context) {
    if (!tx.get(cards, id)) return refuse("NOT_FOUND", "There is no such card");
    return [cardScored.of({ id, points, entry_id: context.id("entry") })];
  },
});

export const deleteCard = defineCommand("card:delete:v1", {
  about: "Take a card away.",
  input: z.strictObject({ id: CardId }),
  example: { id: "a" },
  needs: "campaign.edit",
  refuses: ["NOT_FOUND"],
  emits: [cardDeleted],
  decide: (tx, { id }) => (tx.get(cards, id) ? [cardDeleted.of({ id })] : refuse("NOT_FOUND", "There is no such card")),
});

/** Needs a secret, which no browser makes: it only waits. */
export const tellSecret = defineCommand("secret:tell:v1", {
  about: "Tell the admins something.",
  input: z.strictObject({ id: CardId }),
  example: { id: "s" },
  needs: "campaign.edit",
  refuses: [],
  emits: [secretTold],
  optimistic: false,
  decide: (_tx, { id }, context) => [secretTold.of({ id, text: context.secret().text })],
});

export const typing = defineSignal("card:typing", { data: z.strictObject({ id: CardId }) });

export const boardRoom = defineRoom({
  kind: "campaign",
  modules: [
    {
      name: "board",
      entities: [cards, secrets, entries],
      events: [cardCreated, cardRenamed, cardScored, cardDeleted, secretTold],
      commands: [createCard, renameCard, scoreCard, deleteCard, tellSecret],
      signals: [typing],
    },
  ],
  admit: () => null,
});
