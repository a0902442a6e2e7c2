import { z } from "zod";
import { MemberRole } from "../../core/domain/members/entities.ts";
import { WorkspaceName } from "../../core/domain/workspaces/entities.ts";
import { AsOf } from "./as-of.ts";
import { prepare, sql } from "./sql.ts";
import type { ReadDb } from "./sql.ts";

/** A workspace that a person is a member of. `as_of` is its own room's position. */
export const MyWorkspace = z.object({
  workspace_id: z.string(),
  name: WorkspaceName,
  member_id: z.string(),
  role: MemberRole,
  as_of: AsOf,
});
export type MyWorkspace = z.infer<typeof MyWorkspace>;

const Row = z.object({
  workspace_id: z.string(),
  workspace: z.string(),
  member: z.string(),
  epoch: z.int(),
  seq: z.int(),
  at: z.string(),
});
const Named = z.looseObject({ name: WorkspaceName });
const Membership = z.looseObject({ id: z.string(), role: MemberRole });

/** The workspaces of a person, by the subject of their token. The one read that crosses workspaces, and the one index for it. */
export async function readMyWorkspaces(db: ReadDb, userId: string): Promise<MyWorkspace[]> {
  const statement = sql(
    `SELECT m.workspace_id, w.data AS workspace, m.data AS member, p.epoch, p.seq, p.at
FROM members m CROSS JOIN workspaces w CROSS JOIN projection_positions p
WHERE m.user_id = ? AND m.deleted = 0 AND w.workspace_id = m.workspace_id AND w.deleted = 0
  AND p.workspace_id = m.workspace_id AND p.campaign_id = ''
ORDER BY m.workspace_id`,
    userId,
  );
  const { results } = await prepare(db, statement).all();
  return z
    .array(Row)
    .parse(results)
    .map(({ workspace_id, workspace, member, ...position }) => {
      const { id, role } = Membership.parse(JSON.parse(member));
      const { name } = Named.parse(JSON.parse(workspace));
      return { workspace_id, name, member_id: id, role, as_of: position };
    });
}
