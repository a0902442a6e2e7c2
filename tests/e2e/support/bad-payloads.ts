/** Where the commands are sent, and what is in another campaign. */
export interface Place {
  readonly campaignId: string;
  readonly mediaBuyId: string;
  readonly packageId: string;
  readonly elsewhere: { readonly mediaBuyId: string; readonly packageId: string };
}

/** How it is to be refused; `pointer` leads to what is wrong in the payload. */
interface Refused {
  readonly code: string;
  readonly pointer: string;
}

/** A command with something wrong; `payload` is its payload as it travels. */
export interface BadPayload extends Refused {
  readonly wrong: string;
  readonly type: string;
  payload(at: Place): string;
}

type Fields = object | ((at: Place) => object);

const UPDATE = "campaign:update:v1";
const CHANGE = "media_buy:update:v1";

const invalid = (pointer: string): Refused => ({ code: "VALIDATION_ERROR", pointer });
const malformed = (pointer: string): Refused => ({ code: "INVALID_REQUEST", pointer });
const unknownBuy: Refused = { code: "MEDIA_BUY_NOT_FOUND", pointer: "/media_buy_id" };

/** A campaign's update whose `updates` are this text. */
function update(wrong: string, updates: string, refused: Refused): BadPayload {
  const payload = ({ campaignId }: Place): string => `{"campaign_id":"${campaignId}","updates":${updates}}`;
  return { wrong, type: UPDATE, payload, ...refused };
}

/** Makes payloads of one command from a good one, some of whose fields are replaced. */
function badly(type: string, good: (at: Place, fields: object) => object) {
  return (wrong: string, fields: Fields, refused: Refused): BadPayload => {
    const payload = (at: Place): string => JSON.stringify(good(at, typeof fields === "function" ? fields(at) : fields));
    return { wrong, type, payload, ...refused };
  };
}

const raw = (type: string) => badly(type, (_at, fields) => fields);
const change = badly(CHANGE, ({ mediaBuyId }, fields) => ({ media_buy_id: mediaBuyId, operations: [fields] }));
const cap = (wrong: string, amount_micros: unknown): BadPayload =>
  change(wrong, { operation: "set_daily_cap", amount_micros }, invalid("/operations/0/amount_micros"));
const move = badly("media_buy:set_dates:v1", ({ mediaBuyId }, fields) => ({ media_buy_id: mediaBuyId, ...fields }));

const goodPackage = {
  inventory_product_id: "prod_01J9DEM0000000000000000003",
  pricing_option_id: "cpm-auction",
  budget_micros: 18_000_000_000,
  bid_micros: 6_000_000,
  geo_countries: ["US"],
};
const buy = badly("media_buy:create:v1", (_at, fields) => ({
  brand: { name: "Testbrand", domain: "testbrand.example" },
  currency: "USD",
  start_at: "asap",
  end_at: "2031-01-01T00:00:00.000Z",
  packages: [goodPackage],
  ...fields,
}));
const buyPackage = badly("media_buy:create:v1", (_at, fields) => ({
  brand: { name: "Testbrand", domain: "testbrand.example" },
  currency: "USD",
  start_at: "asap",
  end_at: "2031-01-01T00:00:00.000Z",
  packages: [{ ...goodPackage, ...fields }],
}));

const goodFact = { date: "2026-11-01", source: "api", impressions: 1000, spend_micros: 5_000_000 };
const report = badly("delivery:report:v1", ({ packageId }, fields) => ({
  facts: [
    { ...goodFact, package_id: packageId },
    { ...goodFact, package_id: packageId, date: "2026-11-02", ...fields },
  ],
}));
const feedback = badly("feedback:submit:v1", ({ mediaBuyId }, fields) => ({
  media_buy_id: mediaBuyId,
  period: { start: "2026-11-06", end: "2026-11-19" },
  type: "lead_quality",
  data: { submitted: 148, qualified: 62, pipeline_micros: 310_000_000_000 },
  ...fields,
}));

const nested = (levels: number): string => `${'{"in":'.repeat(levels)}1${"}".repeat(levels)}`;

export const BAD_PAYLOADS: readonly BadPayload[] = [
  update("an unknown field within", '{"title":"x","nope":1}', invalid("/updates/nope")),
  raw(UPDATE)("an unknown field", ({ campaignId }) => ({ campaign_id: campaignId, extra: 1 }), invalid("/extra")),
  change(
    "an unknown field in a list",
    { operation: "set_daily_cap", amount_micros: 1, x: 1 },
    invalid("/operations/0/x"),
  ),
  update("a number for a text", '{"title":5}', invalid("/updates/title")),
  update("null for an object", "null", invalid("/updates")),
  raw(UPDATE)("a list for an object", [], invalid("")),
  raw(CHANGE)("nothing for a list", ({ mediaBuyId }) => ({ media_buy_id: mediaBuyId }), invalid("/operations")),

  update("a wrong enum", '{"status":"enabled"}', invalid("/updates/status")),
  change("a wrong operation", { operation: "explode" }, invalid("/operations/0/operation")),
  feedback("a wrong type of feedback", { type: "applause" }, invalid("/type")),

  {
    wrong: "Infinity, as 1e999",
    type: CHANGE,
    payload: () => '{"amount_micros":1e999}',
    ...malformed("/amount_micros"),
  },
  update("Infinity in free state", '{"state":{"a":[1,1e999]}}', malformed("/updates/state/a/1")),
  cap("a text for a number", "5"),
  cap("a fraction of a micro", 0.5),
  cap("more than can be counted exactly", 2 ** 53),

  cap("a negative cap", -1),
  buyPackage("a negative budget", { budget_micros: -1 }, invalid("/packages/0/budget_micros")),
  buyPackage("a negative bid", { bid_micros: -1 }, invalid("/packages/0/bid_micros")),
  report("negative spend, in one fact among good ones", { spend_micros: -1 }, invalid("/facts/1/spend_micros")),
  report("negative impressions", { impressions: -1 }, invalid("/facts/1/impressions")),
  report("more clicks than impressions", { clicks: 5000 }, invalid("/facts/1/clicks")),

  buy("reversed dates", { start_at: "2032-01-01T00:00:00.000Z" }, invalid("/end_at")),
  buyPackage(
    "reversed dates of a package",
    { start_at: "2030-06-01T00:00:00Z", end_at: "2030-01-01T00:00:00Z" },
    invalid("/packages/0/end_at"),
  ),
  move("an end moved before the start", { end_at: "2020-01-01T00:00:00Z" }, invalid("/end_at")),
  feedback("a reversed period", { period: { start: "2026-11-19", end: "2026-11-06" } }, invalid("/period/end")),
  report("a day that does not exist", { date: "2026-02-30" }, invalid("/facts/1/date")),
  move("a time without a zone", { end_at: "2031-01-01T00:00:00" }, invalid("/end_at")),

  buyPackage("a country of three letters", { geo_countries: ["US", "USA"] }, invalid("/packages/0/geo_countries/1")),
  buyPackage("a country in small letters", { geo_countries: ["us"] }, invalid("/packages/0/geo_countries/0")),
  buyPackage("a country that is none", { geo_countries: ["XX"] }, invalid("/packages/0/geo_countries/0")),
  change("no country to add", { operation: "add_geo", countries: ["ZZ"] }, invalid("/operations/0/countries/0")),
  report("delivery in what is no country", { country: "EU" }, invalid("/facts/1/country")),
  buy("a currency that is none", { currency: "usd" }, invalid("/currency")),

  update("JSON 100 levels deep", `{"state":${nested(100)}}`, malformed("")),
  update("free state deeper than it may be", `{"state":${nested(17)}}`, invalid("/updates/state")),
  update("__proto__ as a key", '{"__proto__":{"title":"x"}}', malformed("/updates/__proto__")),
  update("__proto__ in free state", '{"state":{"__proto__":{"polluted":1}}}', malformed("/updates/state/__proto__")),
  update("constructor as a key", '{"state":{"a":{"constructor":1}}}', malformed("/updates/state/a/constructor")),
  { wrong: "__proto__ for a payload", type: UPDATE, payload: () => '{"__proto__":null}', ...malformed("/__proto__") },
  update("a lone surrogate", String.raw`{"title":"\ud83d"}`, malformed("/updates/title")),
  update("a lone surrogate in a key", String.raw`{"state":{"\udc00":1}}`, malformed("/updates/state")),

  raw(CHANGE)(
    "a buy of another room",
    ({ elsewhere }) => ({
      media_buy_id: elsewhere.mediaBuyId,
      operations: [{ operation: "set_daily_cap", amount_micros: 1 }],
    }),
    unknownBuy,
  ),
  move(
    "dates for a buy of another room",
    ({ elsewhere }) => ({ media_buy_id: elsewhere.mediaBuyId, end_at: "2031-01-01T00:00:00Z" }),
    unknownBuy,
  ),
  feedback(
    "feedback on a buy of another room",
    ({ elsewhere }) => ({ media_buy_id: elsewhere.mediaBuyId }),
    unknownBuy,
  ),
  report("delivery of a package of another room", ({ elsewhere }) => ({ package_id: elsewhere.packageId }), {
    code: "PACKAGE_NOT_FOUND",
    pointer: "/facts/1/package_id",
  }),
];
