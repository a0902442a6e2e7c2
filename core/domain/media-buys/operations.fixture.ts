import fc from "fast-check";
import type { Operation } from "./apply-operations.ts";
import { AUCTION, FIXED } from "./buy.fixture.ts";

const percent = fc.double({ min: -60, max: 150, noNaN: true }).filter((value) => value !== 0);
const countries = fc.uniqueArray(fc.constantFrom("US", "CA", "DE", "GB", "FR", "NL"), { minLength: 1, maxLength: 3 });

/** Operations on the buy of the fixtures, many of which it refuses. */
export const anyOperation: fc.Arbitrary<Operation> = fc.oneof(
  fc.record({ operation: fc.constant("remove_geo" as const), countries }),
  fc.record({ operation: fc.constant("add_geo" as const), countries }),
  fc.record({
    operation: fc.constant("adjust_bid" as const),
    device: fc.constantFrom("all" as const, "mobile" as const, "ctv" as const),
    percent,
    package_ids: fc.constant<string[]>([AUCTION]),
  }),
  fc.record({
    operation: fc.constant("set_daily_cap" as const),
    amount_micros: fc.option(fc.integer({ min: 1, max: 100_000_000_000 })),
  }),
  fc.record({
    operation: fc.constant("shift_budget" as const),
    from_package_id: fc.constant(FIXED),
    to_package_id: fc.constant(AUCTION),
    percent: fc.double({ min: 0.01, max: 80, noNaN: true }),
  }),
  fc.record({ operation: fc.constant("set_status" as const), status: fc.constant("paused" as const) }),
);
