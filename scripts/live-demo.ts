import { z } from "zod";
import { runLiveDemo } from "../client/features/demo/run-live-demo.ts";

const SignedIn = z.looseObject({ token: z.string(), workspace_id: z.string() });

/** Lets the demo of the Flightdeck at `url` deliver, as its operator, until its time is up. */
export async function startLiveDemo(url: string): Promise<void> {
  const headers = { "content-type": "application/json" };
  const response = await fetch(`${url}/v1/auth/demo`, { method: "POST", headers, body: '{"person":"operator"}' });
  const { token, workspace_id } = SignedIn.parse(await response.json());
  await runLiveDemo({ url, token, workspace_id, signal: new AbortController().signal });
}
