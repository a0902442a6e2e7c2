import { signIn } from "./people.ts";
import type { Person } from "./people.ts";

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  // The tests say what they expect of it; a wrong shape fails their assertion.
  readonly body: {
    data?: Record<string, unknown>;
    code?: string;
    seq?: number;
    replayed?: boolean;
    [key: string]: unknown;
  };
}

/** The HTTP interface as a program uses it. */
export class Api {
  readonly url: string;
  readonly token: string;

  constructor(url: string, token: string) {
    this.url = url;
    this.token = token;
  }

  /** Signs in as a demo person. */
  static async as(url: string, person: Person): Promise<Api & { workspaceId: string }> {
    const { token, workspaceId } = await signIn(url, person);
    return Object.assign(new Api(url, token), { workspaceId });
  }

  async get(path: string): Promise<Answer> {
    return this.#answer(await fetch(this.url + path, { headers: { authorization: `Bearer ${this.token}` } }));
  }

  async post(
    path: string,
    payload: unknown,
    options: { key?: string; headers?: Record<string, string> } = {},
  ): Promise<Answer> {
    const response = await fetch(this.url + path, {
      method: "POST",
      headers: {
        authorization: `Bearer ${this.token}`,
        "content-type": "application/json",
        "idempotency-key": options.key ?? crypto.randomUUID(),
        ...options.headers,
      },
      body: JSON.stringify(payload),
    });
    return this.#answer(response);
  }

  async #answer(response: Response): Promise<Answer> {
    const text = await response.text();
    const json = response.headers.get("content-type")?.includes("json") ?? false;
    return {
      status: response.status,
      headers: response.headers,
      text,
      body: json ? (JSON.parse(text) as Answer["body"]) : {},
    };
  }
}

/** A campaign of its own, with one product and one active-to-be media buy, for a test to change. */
export interface TestCampaign {
  readonly workspaceId: string;
  readonly campaignId: string;
  readonly mediaBuyId: string;
  readonly packageId: string;
  /** `/v1/workspaces/{ws}/campaigns/{id}` */
  readonly path: string;
}

let made = 0;

/** Makes a campaign with a buy in the demo workspace, as its owner. */
export async function makeCampaign(
  owner: Api & { workspaceId: string },
  title = `Test ${++made} ${crypto.randomUUID().slice(0, 8)}`,
): Promise<TestCampaign> {
  const { workspaceId } = owner;
  const campaign = mustWork(await owner.post(`/v1/workspaces/${workspaceId}/campaign/create`, { title }));
  const campaignId = String(campaign.data?.["id"]);
  const path = `/v1/workspaces/${workspaceId}/campaigns/${campaignId}`;
  const buy = mustWork(
    await owner.post(`${path}/media_buy/create`, {
      brand: { name: "Testbrand", domain: "testbrand.example" },
      currency: "USD",
      start_at: "asap",
      end_at: new Date(Date.now() + 30 * 86_400_000).toISOString(),
      packages: [
        {
          inventory_product_id: DEMO_PRODUCT,
          pricing_option_id: "cpm-auction",
          budget_micros: 18_000_000_000,
          bid_micros: 6_000_000,
          geo_countries: ["US", "GB", "DE"],
        },
      ],
    }),
  );
  const mediaBuy = buy.data?.["media_buy"] as { id: string; packages: { id: string }[] };
  return { workspaceId, campaignId, mediaBuyId: mediaBuy.id, packageId: mediaBuy.packages[0]?.id ?? "", path };
}

/** The demo's open display auction. */
const DEMO_PRODUCT = "prod_01J9DEM0000000000000000003";

/** The body of an answer that must not be a refusal. */
export function mustWork(answer: Answer): Answer["body"] {
  if (answer.status >= 300) throw new Error(`${answer.status}: ${answer.text}`);
  return answer.body;
}
