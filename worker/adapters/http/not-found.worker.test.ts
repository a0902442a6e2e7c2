import { beforeAll, describe, expect, it } from "vitest";
import { foundTeam, jsonOf, newKey, send } from "../../app.fixture.ts";
import type { Team } from "../../app.fixture.ts";

interface Described {
  paths: Record<string, Record<string, { requestBody?: { content: Record<string, { example?: unknown }> } }>>;
}
interface Route {
  readonly method: string;
  readonly path: string;
  readonly body?: unknown;
  readonly type?: string;
}

let team: Team;
let stranger: Team;
beforeAll(async () => {
  [team, stranger] = [await foundTeam(), await foundTeam()];
});

/** Every described route below a workspace, once for each type of body, with an example of it. */
async function everyRoute(): Promise<Route[]> {
  const { paths } = await jsonOf<Described>(await send("/openapi.json"));
  return Object.entries(paths)
    .filter(([path]) => path.startsWith("/v1/workspaces/"))
    .flatMap(([path, methods]) =>
      Object.entries(methods).flatMap(([method, { requestBody }]) => {
        const bodies = Object.entries(requestBody?.content ?? {});
        if (bodies.length === 0) return [{ method, path }];
        return bodies.map(([type, { example }]) => ({ method, path, type, body: example ?? "a,b\n1,2\n" }));
      }),
    );
}

/** Everything an answer tells, besides what is different each time by nature. */
async function told(answer: Response): Promise<unknown> {
  const headers = [...answer.headers].filter(([name]) => !["x-correlation-id", "date"].includes(name));
  return { status: answer.status, headers, body: await answer.text() };
}

async function probe(route: Route, at: { ws: string; campaign: string }, token: string): Promise<unknown> {
  const path = route.path.replace("{workspace}", at.ws).replace("{campaign}", at.campaign).replace("{id}", at.campaign);
  const headers = { "idempotency-key": newKey(), ...(route.type && { "content-type": route.type }) };
  return await told(await send(path, { method: route.method.toUpperCase(), token, body: route.body, headers }));
}

describe("a stranger's probe", () => {
  it("of any route gets the bytes of an address that does not exist", async () => {
    const nothing = await told(await send("/v1/nothing/here"));
    const routes = await everyRoute();
    expect(routes.length).toBeGreaterThan(60);
    const real = { ws: team.ws, campaign: team.campaign.id };
    const bySlug = { ws: team.ws, campaign: team.campaign.slug };
    const unknown = { ws: "ws_01JD0ZZZZZZZZZZZZZZZZZZZZZ", campaign: "cmp_01JD0ZZZZZZZZZZZZZZZZZZZZZ" };
    for (const route of routes) {
      for (const at of [real, bySlug, unknown]) {
        const answer = await probe(route, at, stranger.owner);
        expect({ route, at, answer }).toEqual({ route, at, answer: nothing });
      }
    }
  });

  it("with an API key that no workspace knows gets the same", async () => {
    const nothing = await told(await send("/v1/nothing/here"));
    for (const route of await everyRoute()) {
      const answer = await probe(route, { ws: team.ws, campaign: team.campaign.id }, `fd_live_${"k".repeat(32)}`);
      expect({ route, answer }).toEqual({ route, answer: nothing });
    }
  });

  it("of a campaign of another workspace, by way of one's own, gets the same", async () => {
    const nothing = await told(await send("/v1/nothing/here"));
    const routes = (await everyRoute()).filter(({ path }) => path.includes("{campaign}"));
    for (const route of routes) {
      const answer = await probe(route, { ws: stranger.ws, campaign: team.campaign.id }, stranger.owner);
      expect({ route, answer }).toEqual({ route, answer: nothing });
    }
  });
});
