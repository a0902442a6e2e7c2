import { UNKNOWN } from "../../../core/domain/delivery/entities.ts";
import { isCountry, isoCountry } from "../../../core/domain/media-buys/entities.ts";
import type { Device } from "../../../core/domain/media-buys/entities.ts";

/** Earlier patterns win: an "Android tablet" is a tablet, a "mobile phone" no telephone exchange. */
const DEVICE_PATTERNS: readonly (readonly [RegExp, Device])[] = [
  [/dooh|out[ _-]?of[ _-]?home|billboard/, "dooh"],
  [/\bc?tv\b|television|\bott\b/, "ctv"],
  [/tablet|ipad/, "tablet"],
  [/mobile|phone|ipod|android|\bios\b/, "mobile"],
  [/desktop|computer|laptop|\bpc\b/, "desktop"],
];

/** The device class a platform's own words mean; `unknown` for words that say nothing. */
export function deviceOf(text: string): Device {
  const lower = text.toLowerCase().replaceAll("_", " ");
  return DEVICE_PATTERNS.find(([pattern]) => pattern.test(lower))?.[1] ?? UNKNOWN;
}

const OTHER_NAMES: readonly (readonly [string, string])[] = [
  ["united states of america", "US"],
  ["usa", "US"],
  ["great britain", "GB"],
  ["korea", "KR"],
  ["republic of korea", "KR"],
  ["czech republic", "CZ"],
  ["turkey", "TR"],
  ["macedonia", "MK"],
  ["swaziland", "SZ"],
  ["ivory coast", "CI"],
  ["hong kong", "HK"],
  ["macau", "MO"],
  ["the netherlands", "NL"],
  ["russian federation", "RU"],
  ["viet nam", "VN"],
];

let names: ReadonlyMap<string, string> | undefined;

/** ISO 3166-1 code of a country's code or English name, or null. */
export function countryOf(text: string): string | null {
  const trimmed = text.trim();
  const code = isoCountry(trimmed.toUpperCase());
  if (isCountry(code)) return code;
  names ??= countryNames();
  return names.get(plainName(trimmed)) ?? null;
}

function countryNames(): ReadonlyMap<string, string> {
  const display = new Intl.DisplayNames(["en"], { type: "region" });
  const letters = Array.from({ length: 26 }, (_, n) => String.fromCharCode(65 + n));
  const codes = letters.flatMap((first) => letters.map((second) => first + second)).filter(isCountry);
  return new Map([...codes.map((code) => [plainName(display.of(code) ?? code), code] as const), ...OTHER_NAMES]);
}

function plainName(name: string): string {
  return name
    .toLowerCase()
    .normalize("NFD")
    .replaceAll(/\p{M}/gu, "")
    .replaceAll("&", "and")
    .replaceAll(/[^\p{L}]+/gu, " ")
    .trim();
}
