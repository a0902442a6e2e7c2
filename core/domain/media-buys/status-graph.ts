import { refuse } from "../../model/refusal.ts";
import type { Refusal } from "../../model/refusal.ts";
import { isTerminal } from "./entities.ts";
import type { MediaBuyStatus } from "./entities.ts";

/** Which statuses may follow which; as in AdCP 3.0.6. What has no follower is final. */
export const STATUS_GRAPH: ReadonlyMap<MediaBuyStatus, readonly MediaBuyStatus[]> = new Map([
  ["pending_creatives", ["pending_start", "active", "paused", "canceled", "rejected"]],
  ["pending_start", ["active", "paused", "canceled", "rejected"]],
  ["active", ["paused", "completed", "canceled"]],
  ["paused", ["active", "completed", "canceled"]],
  ["completed", []],
  ["rejected", []],
  ["canceled", []],
]);

/** Whether a buy may go from one status to the other. */
export function canMove(from: MediaBuyStatus, to: MediaBuyStatus): boolean {
  return STATUS_GRAPH.get(from)?.includes(to) ?? false;
}

/** Why a buy may not go from one status to the other: NOT_CANCELLABLE for canceling twice, else INVALID_STATE. Null if it may. */
export function moveRefusal(from: MediaBuyStatus, to: MediaBuyStatus): Refusal | null {
  if (canMove(from, to)) return null;
  if (from === "canceled" && to === "canceled") return refuse("NOT_CANCELLABLE", "The media buy is canceled already.");
  if (isTerminal(from))
    return refuse("INVALID_STATE", `The media buy is ${from}: nothing about it can change any more.`);
  const next = STATUS_GRAPH.get(from) ?? [];
  return refuse("INVALID_STATE", `A media buy that is ${from} cannot become ${to}.`, { details: { allowed: next } });
}
