import { z } from "zod";
import { LIVE_TICK_MS, LiveDelivery } from "../../../core/demo/live-delivery.ts";
import { MediaBuySummary } from "../../../core/domain/summaries/entities.ts";
import { Workspace } from "../../../core/domain/workspaces/entities.ts";

interface LiveDemoOptions {
  /** Empty in a page of the same origin. */
  readonly url: string;
  readonly token: string;
  readonly workspace_id: string;
  readonly signal: AbortSignal;
}

/**
 * Lets the active buys of a demo workspace deliver a little every 2 s, for 30 minutes at most, as any program would: over
 * HTTP. Resolves when its time is up or `signal` aborts. Throws what the server refuses.
 */
export async function runLiveDemo({ url, token, workspace_id, signal }: LiveDemoOptions): Promise<void> {
  const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
  const base = `${url}/v1/workspaces/${workspace_id}`;
  const read = async <T>(kind: string, schema: z.ZodType<T>): Promise<T[]> => {
    const answer = await fetch(`${base}/${kind}`, { headers, signal });
    const { items } = z.looseObject({ items: z.array(z.looseObject({ data: schema })) }).parse(await bodyOf(answer));
    return items.map((item) => item.data);
  };
  const [workspace] = await read("workspace", Workspace);
  const live = new LiveDelivery({ startedAt: Date.now(), zone: workspace?.timezone ?? "UTC", random: Math.random });
  while (!signal.aborted && !live.over(Date.now())) {
    for (const { campaign_id, payload } of live.tick(await read("media_buy_summary", MediaBuySummary), Date.now())) {
      const request = { method: "POST", headers: { ...headers, "idempotency-key": crypto.randomUUID() }, signal };
      const address = `${base}/campaigns/${campaign_id}/delivery/report`;
      await bodyOf(await fetch(address, { ...request, body: JSON.stringify(payload) }));
    }
    await pause(LIVE_TICK_MS, signal);
  }
}

async function bodyOf(response: Response): Promise<unknown> {
  if (!response.ok) throw new Error(`Live mode ended: the server answered ${response.status}`);
  return await response.json();
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
