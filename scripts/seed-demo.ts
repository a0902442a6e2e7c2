import { z } from "zod";

const Answer = z.looseObject({ workspace_id: z.string(), events: z.number(), api_key: z.string().nullable() });

/** What seeding did: `events` is 0 if the demo was there already, and then `api_key` is null. */
export type SeededDemo = z.infer<typeof Answer>;

/** Fills the demo workspaces of the development Flightdeck at `url`. Running it twice changes nothing. */
export async function seedDemo(url: string): Promise<SeededDemo> {
  const response = await fetch(`${url}/v1/demo/seed`, { method: "POST" });
  if (!response.ok) throw new Error(`Seeding the demo answered ${response.status}: ${await response.text()}`);
  return Answer.parse(await response.json());
}
