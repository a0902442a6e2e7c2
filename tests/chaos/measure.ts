import { readFileSync, readdirSync } from "node:fs";
import type { RoomSocket } from "../e2e/support/room-socket.ts";
import { percentile } from "./scale.ts";

/** How often a writer says what it has read. */
const REPORT_EVERY = 20;

/** An open loop: commands at a steady rate, whether or not those before were answered. */
export interface Pace {
  readonly perSecond: number;
  readonly seconds: number;
  /** The command's id and payload. */
  command(n: number): { id: string; payload: object };
  /** Told of every answer. */
  answered?(id: string, seq: number): void;
}

/** What an open loop measured. */
export interface Latencies {
  readonly acknowledged: number;
  /** The codes of refusals. */
  readonly refused: readonly string[];
  /** Milliseconds from sending to the answer, the 99th percentile. */
  readonly p99: number;
}

/** Sends `campaign:update` at a steady rate and measures the answers. */
export async function paced(socket: RoomSocket, pace: Pace): Promise<Latencies> {
  const count = Math.round(pace.perSecond * pace.seconds);
  const started = performance.now();
  const refused: string[] = [];
  const took: number[] = [];
  const one = async (n: number): Promise<void> => {
    const { id, payload } = pace.command(n);
    const sent = performance.now();
    const answer = await socket.command("campaign:update:v1", payload, { id });
    took.push(performance.now() - sent);
    if ("error" in answer) refused.push(answer.error.code);
    else if ("seq" in answer) pace.answered?.(id, answer.seq);
    // Who writes this much also reads, and would be cut off if it never said so.
    if (n % REPORT_EVERY === 0 && socket.position) socket.send({ type: "applied", seq: socket.position.seq });
  };
  const all: Promise<void>[] = [];
  for (let n = 0; n < count; n++) {
    const early = started + (n * 1000) / pace.perSecond - performance.now();
    if (early > 0) await new Promise((resolve) => setTimeout(resolve, early));
    all.push(one(n));
  }
  await Promise.all(all);
  return { acknowledged: count - refused.length, refused, p99: percentile(took, 0.99) };
}

/** Resident memory in MB of the workerd processes of the server that keeps its data in `stateDir`. */
export function workerdMemory(stateDir: string): number {
  const processes = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  const groups = new Set(processes.filter((pid) => fileOf(pid, "cmdline").includes(stateDir)).map(groupOf));
  let kilobytes = 0;
  for (const pid of processes) {
    if (!groups.has(groupOf(pid)) || !fileOf(pid, "comm").startsWith("workerd")) continue;
    kilobytes += Number(/VmRSS:\s+(\d+)/.exec(fileOf(pid, "status"))?.[1] ?? 0);
  }
  return Math.round(kilobytes / 1024);
}

function groupOf(pid: string): string {
  // pid (comm) state ppid pgrp …
  return /\) \S+ \d+ (\d+)/.exec(fileOf(pid, "stat"))?.[1] ?? "";
}

function fileOf(pid: string, name: string): string {
  try {
    return readFileSync(`/proc/${pid}/${name}`, "utf8");
  } catch {
    return ""; // It ended meanwhile.
  }
}
