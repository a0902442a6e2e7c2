import { createHash } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { exportJWK, exportSPKI, generateKeyPair, SignJWT, UnsecuredJWT } from "jose";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { verifyBearer } from "./credentials.ts";
import { DEMO_PEOPLE } from "./demo-people.ts";
import { signInDemo } from "./demo-token.ts";
import { KeysUnavailable } from "./jwt.ts";

const NOW = Date.parse("2026-11-20T12:00:00Z");
const SECOND = 1000;
const settings = {
  JWT_SECRET: "a-secret-for-tests-of-at-least-32-bytes",
  JWT_ISSUER: "https://id.example",
  JWT_AUDIENCE: "flightdeck",
};

interface Odd {
  header?: { alg: string; typ?: string; kid?: string };
  claims?: Record<string, unknown>;
  issuer?: string;
  audience?: string;
  expires?: number | null;
  secret?: string;
}

function sign(odd: Odd = {}): Promise<string> {
  const jwt = new SignJWT({ sub: "user-1", ...odd.claims })
    .setProtectedHeader(odd.header ?? { alg: "HS256", typ: "JWT" })
    .setIssuer(odd.issuer ?? settings.JWT_ISSUER)
    .setAudience(odd.audience ?? settings.JWT_AUDIENCE);
  if (odd.expires !== null) jwt.setExpirationTime(odd.expires ?? NOW / SECOND + 3600);
  return jwt.sign(new TextEncoder().encode(odd.secret ?? settings.JWT_SECRET));
}

const verify = (bearer: string, more: object = {}) => verifyBearer(bearer, { ...settings, ...more }, NOW);

describe("a token signed with the secret", () => {
  it("proves nothing if it lives longer than a sign-out is remembered", async () => {
    const days = (count: number): number => NOW / SECOND + count * 86_400;
    expect(await verify(await sign({ expires: days(30) }))).not.toBeNull();
    expect(await verify(await sign({ expires: days(32) }))).toBeNull();
  });

  it("proves its subject and session until it expires", async () => {
    expect(await verify(await sign({ claims: { sid: "session-0001" } }))).toEqual({
      identity: { kind: "user", subject: "user-1", session_id: "session-0001" },
      expires_at: NOW + 3600 * SECOND,
      workspace_id: null,
    });
  });

  it("is revocable by its jti if it names no session, by a digest if the name has another shape, else not at all", async () => {
    const session = async (claims: object) =>
      (await verify(await sign({ claims: { ...claims } })))?.identity.session_id;
    expect(await session({ jti: "token-00001" })).toBe("token-00001");
    expect(await session({ sid: "auth0|x/y" })).toBe(createHash("sha256").update("auth0|x/y").digest("hex"));
    expect(await session({})).toBeNull();
  });

  it("can name the person in another claim, and the only workspace it is for", async () => {
    const workspace_id = "ws_01J00000000000000000000000";
    const token = await sign({ claims: { user_id: "u-7", workspace_id } });
    expect(await verify(token, { SUBJECT_CLAIM: "user_id" })).toMatchObject({
      identity: { subject: "u-7" },
      workspace_id,
    });
  });

  it("is accepted for half a minute after it expired, no longer", async () => {
    expect(await verify(await sign({ expires: NOW / SECOND - 29 }))).not.toBeNull();
    expect(await verify(await sign({ expires: NOW / SECOND - 31 }))).toBeNull();
  });

  it.each<[string, Odd]>([
    ["another issuer", { issuer: "https://evil.example" }],
    ["another audience", { audience: "another-app" }],
    ["no expiry", { expires: null }],
    ["another secret", { secret: "another-secret-of-at-least-32-bytes-!" }],
    ["a stronger algorithm that is not the one we chose", { header: { alg: "HS512", typ: "JWT" } }],
    ["no type", { header: { alg: "HS256" } }],
    ["another type", { header: { alg: "HS256", typ: "logout+jwt" } }],
    ["no subject", { claims: { sub: undefined } }],
    ["an empty subject", { claims: { sub: "" } }],
    ["a subject that is not text", { claims: { sub: 7 } }],
    ["a workspace that is not one", { claims: { workspace_id: "../../etc" } }],
    ["a start in the future", { claims: { nbf: NOW / SECOND + 600 } }],
  ])("is refused with %s", async (_case, odd) => {
    expect(await verify(await sign(odd))).toBeNull();
  });

  it("is refused when a byte of it changed, and without a signature", async () => {
    const [header = "", claims = "", signature = ""] = (await sign()).split(".");
    const owner = Buffer.from(
      JSON.stringify({ ...JSON.parse(Buffer.from(claims, "base64url").toString()), sub: "root" }),
    );
    expect(await verify([header, owner.toString("base64url"), signature].join("."))).toBeNull();
    expect(await verify([header, claims, ""].join("."))).toBeNull();
    const none = new UnsecuredJWT({ sub: "user-1" })
      .setIssuer(settings.JWT_ISSUER)
      .setAudience(settings.JWT_AUDIENCE)
      .setExpirationTime(NOW / SECOND + 3600)
      .encode();
    expect(await verify(none)).toBeNull();
    const alsoNone = Buffer.from('{"alg":"none","typ":"JWT"}').toString("base64url");
    expect(await verify([alsoNone, claims, ""].join("."))).toBeNull();
  });

  it.each(["", "x", "a.b.c", "...", "{}", "Bearer x", "💥.💥.💥", "eyJ".repeat(5000)])(
    "is refused as %j",
    async (text) => {
      expect(await verify(text)).toBeNull();
    },
  );

  it("cannot be verified at all with a secret that could be guessed", async () => {
    const token = await sign();
    await expect(verify(token, { JWT_SECRET: "short" })).rejects.toThrow("at least 32 bytes");
    await expect(verify(token, { JWT_SECRET: undefined })).rejects.toThrow("JWKS_URL");
  });
});

describe("a token signed with a key of a key set", () => {
  const served: { status: number; keys: object[] } = { status: 200, keys: [] };
  const issuer = createServer((_request, response) => {
    response
      .writeHead(served.status, { "content-type": "application/json" })
      .end(JSON.stringify({ keys: served.keys }));
  });
  let pairs: Record<"ES256" | "RS256", CryptoKeyPair>;
  let JWKS_URL: string;

  beforeAll(async () => {
    pairs = { ES256: await generateKeyPair("ES256"), RS256: await generateKeyPair("RS256") };
    for (const [alg, { publicKey }] of Object.entries(pairs)) {
      served.keys.push({ ...(await exportJWK(publicKey)), kid: alg, alg, use: "sig" });
    }
    await new Promise<void>((resolve) => void issuer.listen(0, "127.0.0.1", resolve));
    JWKS_URL = `http://127.0.0.1:${(issuer.address() as AddressInfo).port}/keys`;
  });
  afterAll(() => void issuer.close());

  const signWith = (alg: "ES256" | "RS256", kid: string = alg) =>
    new SignJWT({ sub: "user-1" })
      .setProtectedHeader({ alg, kid, typ: "JWT" })
      .setIssuer(settings.JWT_ISSUER)
      .setAudience(settings.JWT_AUDIENCE)
      .setExpirationTime(NOW / SECOND + 60)
      .sign(pairs[alg].privateKey);

  it("proves its subject", async () => {
    expect(await verify(await signWith("ES256"), { JWKS_URL })).toMatchObject({ identity: { subject: "user-1" } });
    expect(await verify(await signWith("RS256"), { JWKS_URL })).toMatchObject({ identity: { subject: "user-1" } });
  });

  it("is refused with a key that is not in the set", async () => {
    expect(await verify(await signWith("ES256", "other"), { JWKS_URL })).toBeNull();
  });

  it("is refused when the public key was used as a shared secret, even one we know", async () => {
    const swapped = await sign({
      secret: await exportSPKI(pairs.RS256.publicKey),
      header: { alg: "HS256", typ: "JWT", kid: "RS256" },
    });
    expect(await verify(swapped, { JWKS_URL })).toBeNull();
    expect(await verify(await sign(), { JWKS_URL })).toBeNull();
  });

  it("is neither accepted nor refused while the keys cannot be had", async () => {
    served.status = 500;
    await expect(verify(await signWith("ES256"), { JWKS_URL: `${JWKS_URL}/again` })).rejects.toThrow(KeysUnavailable);
    served.status = 200;
    await expect(verify(await signWith("ES256"), { JWKS_URL: "http://127.0.0.1:1/keys" })).rejects.toThrow(
      KeysUnavailable,
    );
  });
});

describe("an API key", () => {
  const key = `fd_live_${"k".repeat(32)}`;

  it("is known by its digest and does not expire", async () => {
    expect(await verify(key)).toEqual({
      identity: { kind: "api_key", subject: createHash("sha256").update(key).digest("hex"), session_id: null },
      expires_at: null,
      workspace_id: null,
    });
  });

  it.each(["fd_live_", "fd_live_short", `fd_test_${"k".repeat(32)}`, `${key}-`, `${key}.a.b`, ` ${key}`])(
    "is not %j",
    async (text) => {
      expect(await verify(text)).toBeNull();
    },
  );
});

describe("the demo sign-in", () => {
  it.each(Object.entries(DEMO_PEOPLE))("signs in %s for twelve hours", async (name, person) => {
    const signedIn = await signInDemo(name as keyof typeof DEMO_PEOPLE, settings, NOW);
    expect(signedIn).toMatchObject({ workspace_id: person.workspace_id, expires_at: "2026-11-21T00:00:00.000Z" });
    expect(await verify(signedIn.token)).toMatchObject({ identity: { subject: person.user_id } });
  });

  it("starts a session of its own each time", async () => {
    const sessions = await Promise.all([1, 2].map(() => signInDemo("viewer", settings, NOW)));
    const ids = await Promise.all(sessions.map(async ({ token }) => (await verify(token))?.identity.session_id));
    expect(new Set(ids).size).toBe(2);
  });
});
