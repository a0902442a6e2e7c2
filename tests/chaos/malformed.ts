import type { Seeded } from "../../worker/engine/testing/seeded.ts";

const NOISE = ["\u0000", "{", "}", '"', "\\", "[", "]", "é", "💥", ":", ",", " ", "9", "e", "null", "\ud83d"];
const WRONG_TYPES = ["nonsense", "campaign:update:v1:success", "campaign:update", "", "__proto__", "hello:", ":::"];
const WRONG_VALUES = ["5", '"x"', "null", "[]", "true", "1e999", "-0", '{"__proto__":{}}', '{"updates":7}'];

/** A frame that no room may take, another each time: the same for the same seed. Under 64 KiB. */
export function malformedFrame(random: Seeded, campaignId: string): string {
  const id = `malformed-${random.below(1e9)}`;
  // Whatever becomes of the rest, this one field is known to nobody.
  const payload = `{"campaign_id":"${campaignId}","updates":{"title":"Never"},"unheard_of":1}`;
  const good = `{"type":"campaign:update:v1:requested","id":"${id}","payload":${payload}}`;
  const pick = (items: readonly string[]): string => random.pick(items) ?? "";
  const cut = 1 + random.below(good.length - 1);
  const ways: (() => string)[] = [
    () => good,
    () => good.slice(0, cut),
    () => good.slice(cut),
    () => good.slice(0, cut) + pick(NOISE) + good.slice(cut),
    () => good.replace("campaign:update:v1:requested", pick(WRONG_TYPES)),
    () => good.replace(payload, pick(WRONG_VALUES)),
    () => good.replace(`"${id}"`, pick(WRONG_VALUES)),
    () => good.replace('"payload"', '"metadata":{"mood":1},"payload"'),
    () => Array.from({ length: 1 + random.below(40) }, () => pick(NOISE)).join(""),
    () => pick(["[", '{"a":']).repeat(1 + random.below(2_000)),
    () => `"${"x".repeat(random.below(20_000))}"`,
    () => `{"type":"hello","protocol":${pick(WRONG_VALUES)},"client_id":7}`,
    () => `{"type":"applied","seq":${pick(['"1"', "-1", "0.5", "null", "{}"])}}`,
    () => `{"type":"snapshot_ack","chunk":${pick(['"0"', "-1", "[]"])}}`,
  ];
  return (random.pick(ways) ?? ways[0])?.() ?? "";
}
