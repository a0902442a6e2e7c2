import type { z } from "zod";
import type { Audience } from "./access.ts";

/** Something worth telling now and never again: broadcast, not logged, without a `seq`. */
export interface SignalDefinition<D = unknown> {
  readonly name: string;
  readonly data: z.ZodType<D>;
  audience(data: D): Audience | null;
}

/** Defines a signal; `name` is `{service}:{what}`. */
export function defineSignal<D>(
  name: string,
  options: { data: z.ZodType<D>; audience?(data: D): Audience | null },
): SignalDefinition<D> {
  if (!/^[a-z_]+:[a-z_]+$/.test(name)) throw new Error(`Signal name "${name}" is not {service}:{what}`);
  return { name, data: options.data, audience: (data) => options.audience?.(data) ?? null };
}
