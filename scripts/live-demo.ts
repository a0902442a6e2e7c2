import { LIVE_TICK_MS, LiveDelivery } from "../core/demo/live-delivery.ts";
import type { MediaBuySummary } from "../core/domain/summaries/entities.ts";

/** What `GET …/{kind}` answers. */
interface Items<T> {
  readonly items: readonly { readonly data: T }[];
}

/** Lets the demo's active buys deliver, every 2 s for half an hour at most, as its operator. */
export async function runLiveDemo(url: string): Promise<void> {
  const { token, workspace_id } = await json<{ token: string; workspace_id: string }>(
    await fetch(`${url}/v1/auth/demo`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: '{"person":"operator"}',
    }),
  );
  const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
  const read = async <T>(kind: string): Promise<T[]> => {
    const { items } = await json<Items<T>>(await fetch(`${url}/v1/workspaces/${workspace_id}/${kind}`, { headers }));
    return items.map((item) => item.data);
  };
  const [workspace] = await read<{ timezone: string }>("workspace");
  const live = new LiveDelivery({ startedAt: Date.now(), zone: workspace?.timezone ?? "UTC", random: Math.random });
  while (!live.over(Date.now())) {
    for (const { campaign_id, payload } of live.tick(await read<MediaBuySummary>("media_buy_summary"), Date.now())) {
      const path = `/v1/workspaces/${workspace_id}/campaigns/${campaign_id}/delivery/report`;
      const body = JSON.stringify(payload);
      await json(
        await fetch(url + path, {
          method: "POST",
          headers: { ...headers, "idempotency-key": crypto.randomUUID() },
          body,
        }),
      );
    }
    await new Promise((resolve) => setTimeout(resolve, LIVE_TICK_MS));
  }
}

async function json<T>(response: Response): Promise<T> {
  if (!response.ok) throw new Error(`Live mode: ${response.url} answered ${response.status}: ${await response.text()}`);
  // The shapes are those of docs/http.md; a script of the same repository trusts its own server.
  return (await response.json()) as T;
}
