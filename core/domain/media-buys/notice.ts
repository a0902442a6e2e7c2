import { z } from "zod";

/** Something the caller should know about a command that was carried out all the same. */
export const Notice = z.strictObject({
  code: z.enum([
    "country_renamed",
    "cannot_spend_in_full",
    "under_todays_spend",
    "no_effect",
    "flight_not_begun",
    "flight_began_before",
  ]),
  message: z.string().max(300),
});
export type Notice = z.infer<typeof Notice>;

/** Says that `UK` was taken as GB. */
export const UK_NOTICE: Notice = { code: "country_renamed", message: "UK was taken as GB, its ISO code." };
