import { z } from "zod";
import { defineCommand } from "../../model/command.ts";
import { defineEvent } from "../../model/event.ts";
import { refuse } from "../../model/refusal.ts";
import { SessionId, sessionRevocations } from "./entities.ts";

export const sessionForgotten = defineEvent("session:forget:v1:success", {
  data: z.strictObject({ id: SessionId }),
  audience: () => ({ needs: "member.manage" }),
  apply(tx, { id }) {
    tx.delete(sessionRevocations, id);
  },
});

/** The room's own timer: sign-outs would pile up for as long as the workspace lives. */
export const forgetSession = defineCommand("session:forget:v1", {
  about: "Forget that a session was signed out, once none of its tokens can be alive. The room sends it to itself.",
  input: z.strictObject({ session_id: SessionId }),
  example: { session_id: "sess_4f9b2c7e" },
  needs: "system",
  refuses: ["NO_CHANGE", "INVALID_STATE"],
  emits: [sessionForgotten],
  optimistic: false,
  decide(tx, { session_id }, { now }) {
    const revocation = tx.get(sessionRevocations, session_id);
    if (!revocation) return refuse("NO_CHANGE", "This session was not signed out, or that is forgotten already.");
    if (now < revocation.until)
      return refuse("INVALID_STATE", `Tokens of the session may be alive until ${revocation.until}.`);
    return [sessionForgotten.of({ id: session_id })];
  },
});
