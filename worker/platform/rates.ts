import type { Rate } from "../engine/command-rates.ts";

/** 20 commands/s per person's session (burst 100), 200/s per API key (burst 400). */
const DEFAULTS = { person: { perSecond: 20, burst: 100 }, api_key: { perSecond: 200, burst: 400 } };

/** Settings that change the command rates; text, as the environment has them: `perSecond/burst`. */
export interface RateSettings {
  readonly RATE_PERSON?: string;
  readonly RATE_API_KEY?: string;
}

/** The command rates of this deployment. Throws if a setting is not `perSecond/burst`. */
export function ratesFrom(settings: RateSettings): { person: Rate; api_key: Rate } {
  return {
    person: parseRate(settings.RATE_PERSON) ?? DEFAULTS.person,
    api_key: parseRate(settings.RATE_API_KEY) ?? DEFAULTS.api_key,
  };
}

function parseRate(text: string | undefined): Rate | undefined {
  if (!text) return undefined;
  const match = /^(\d+)\/(\d+)$/.exec(text);
  if (!match) throw new Error(`A rate is perSecond/burst, such as 20/100, not "${text}"`);
  return { perSecond: Number(match[1]), burst: Number(match[2]) };
}
