import { z } from "zod";
import { ApiKey } from "../../core/domain/api-keys/entities.ts";
import { Channel, InventoryProduct } from "../../core/domain/inventory/entities.ts";
import { Member, MemberRole } from "../../core/domain/members/entities.ts";
import { defineList, ListQuery } from "./define-list.ts";
import { contains, sql, when } from "./sql.ts";

const revision = { revision: z.int().positive() };

export const MemberItem = Member.extend(revision);

export const listMembers = defineList({
  name: "members",
  about: "The people of the workspace. `text` is looked for in their names.",
  needs: "member.read",
  table: "members",
  scope: "workspace",
  query: ListQuery.extend({ role: MemberRole.optional() }),
  item: MemberItem,
  filters: ({ role, text }) => [when(role, (value) => sql("t.role = ?", value)), contains("t.data ->> '$.name'", text)],
});

export const ApiKeyItem = ApiKey.extend(revision);

export const listApiKeys = defineList({
  name: "api_keys",
  about: "The workspace's API keys: names and scopes, never the keys.",
  needs: "api_key.manage",
  table: "api_keys",
  scope: "workspace",
  query: ListQuery,
  item: ApiKeyItem,
  filters: ({ text }) => [contains("t.data ->> '$.name'", text)],
});

export const ProductItem = InventoryProduct.extend(revision);

export const listProducts = defineList({
  name: "inventory_products",
  about: "Advertising space for sale in the workspace. `text` is looked for in the names.",
  needs: "workspace.read",
  table: "inventory_products",
  scope: "workspace",
  query: ListQuery.extend({ channel: Channel.optional() }),
  item: ProductItem,
  filters: ({ channel, text }) => [
    when(channel, (value) => sql("t.channel = ?", value)),
    contains("t.data ->> '$.name'", text),
  ],
});
