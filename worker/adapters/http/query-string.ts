import { refuse } from "../../../core/model/refusal.ts";
import type { Refusal } from "../../../core/model/refusal.ts";

/** The query parameters of an address, each given once. */
export function queryOf(request: { readonly url: string }): Readonly<Record<string, string>> | Refusal {
  const { searchParams } = new URL(request.url);
  const names = [...searchParams.keys()];
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  if (twice === undefined) return Object.fromEntries(searchParams);
  const issue = { pointer: `/${twice}`, message: "Given twice", keyword: "unique" };
  return refuse("INVALID_REQUEST", `The query parameter ${twice} is given twice.`, { issues: [issue] });
}
