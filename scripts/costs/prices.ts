/** US dollars, as Cloudflare publishes them for the Workers Paid plan (November 2026); what the plan includes is left out. */
export const PRICES = {
  /** $5 a month include 1 M Durable Object requests, 400,000 GB-s, 25 G rows read, 50 M rows written. */
  plan_per_month: 5,
  object_request: 0.15 / 1e6,
  /** Frames from clients count as a twentieth of a request each; frames to clients are free. */
  frames_per_request: 20,
  object_gb_second: 12.5 / 1e6,
  /** An object is billed for this much memory, however little it uses. */
  object_gb: 0.128,
  /** The same in Durable Objects and in D1; an index and a delete count as rows. */
  row_written: 1 / 1e6,
  worker_request: 0.3 / 1e6,
  worker_cpu_ms: 0.02 / 1e6,
} as const;
