import type { DomainModule } from "../../model/room.ts";
import { addMember, memberAdded } from "./add-member.ts";
import { memberLimits, members } from "./entities.ts";
import { limitMember, memberLimited } from "./limit-member.ts";
import { memberRemoved, removeMember } from "./remove-member.ts";
import { roleSet, setRole } from "./set-role.ts";

export const membersModule: DomainModule = {
  name: "members",
  entities: [members, memberLimits],
  events: [memberAdded, roleSet, memberLimited, memberRemoved],
  commands: [addMember, setRole, limitMember, removeMember],
  signals: [],
};
