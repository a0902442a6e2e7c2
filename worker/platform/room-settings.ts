import type { Rate } from "../engine/command-rates.ts";
import type { EngineDeps } from "../engine/engine-deps.ts";

/** 20 commands/s per person's session (burst 100), 200/s per API key (burst 400). */
const RATES = { person: { perSecond: 20, burst: 100 }, api_key: { perSecond: 200, burst: 400 } };
const HISTORY_DAYS = 90;
const DAY_MS = 24 * 60 * 60 * 1000;

/** What a deployment may set about its rooms; text, as the environment has it. Meanings and defaults: worker/env.ts. */
export interface RoomSettings {
  readonly RATE_PERSON?: string;
  readonly RATE_API_KEY?: string;
  readonly EPOCH?: string;
  readonly HISTORY_DAYS?: string;
}

/** The settings of this deployment as rooms use them. Throws a sentence naming the setting that makes no sense. */
export function roomSettings(settings: RoomSettings): Pick<EngineDeps, "rates" | "epoch" | "history_ms"> {
  return {
    rates: {
      person: rate(settings.RATE_PERSON) ?? RATES.person,
      api_key: rate(settings.RATE_API_KEY) ?? RATES.api_key,
    },
    epoch: whole("EPOCH", settings.EPOCH) ?? 1,
    history_ms: (whole("HISTORY_DAYS", settings.HISTORY_DAYS) ?? HISTORY_DAYS) * DAY_MS,
  };
}

function rate(text: string | undefined): Rate | undefined {
  if (!text) return undefined;
  const match = /^(\d+)\/(\d+)$/.exec(text);
  if (!match) throw new Error(`A rate is perSecond/burst, such as 20/100, not "${text}"`);
  return { perSecond: Number(match[1]), burst: Number(match[2]) };
}

function whole(name: string, text: string | undefined): number | undefined {
  if (!text) return undefined;
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new Error(`${name} is a whole number above 0, not "${text}"`);
  return Number(text);
}
