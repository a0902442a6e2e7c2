import { performance } from "node:perf_hooks";
import type { Cell, Times } from "../plan.ts";
import { Histogram } from "./histogram.ts";
import { cpuSeconds, peakMemory, resetPeakMemory } from "./process-figures.ts";
import type { Dialect, Viewer, Writer } from "./target.ts";

/** What one run of a cell came to. */
export interface CellFigures {
  /** Mutations acknowledged as durable, a second. */
  readonly acked_per_s: number;
  /** Events parsed and checked by viewers, a second, all viewers together. */
  readonly delivered_per_s: number;
  /** From sending the command (open loop: from when it was due) to the viewer having parsed the event, in milliseconds. */
  readonly p50_ms: number;
  readonly p95_ms: number;
  readonly p99_ms: number;
  /** From sending the command to its acknowledgement, in milliseconds. */
  readonly ack_p50_ms: number;
  readonly ack_p99_ms: number;
  readonly bytes_per_event: number;
  readonly events_per_frame: number;
  readonly peak_memory_mb: number;
  /** Processor time as a share of one core. */
  readonly server_cpu: number;
  readonly generator_cpu: number;
  /** All that were acknowledged, warm-up included. */
  readonly mutations: number;
}

const MAX_CHANGES = 1_000_000;
const CONNECT_AT_ONCE = 25;
const DRAIN_TIMEOUT_MS = 60_000;

interface Counters {
  acked: number;
  delivered: number;
  readonly delivery: Histogram;
  readonly ack: Histogram;
}

/** Runs one cell against a server, whose process is `pid`. Throws if any viewer missed, doubled or reordered anything. */
export async function runCell(
  dialect: Dialect,
  { viewers: count, load }: Cell,
  { times, pid }: { times: Times; pid: number },
): Promise<CellFigures> {
  resetPeakMemory(pid);
  const sentAt = new Float64Array(MAX_CHANGES);
  const counted: Counters = { acked: 0, delivered: 0, delivery: new Histogram(), ack: new Histogram() };
  let measuring = false;
  const viewers = await openViewers(dialect, count, (_, n) => {
    if (!measuring) return;
    counted.delivered++;
    counted.delivery.add(performance.now() - (sentAt[n] ?? 0));
  });
  const acknowledged = (n: number): void => {
    if (!measuring) return;
    counted.acked++;
    counted.ack.add(performance.now() - (sentAt[n] ?? 0));
  };
  const from = viewers[0]?.seq ?? 0;
  const writers = await openWriters(dialect, "in_flight" in load ? load.in_flight : 1);
  const sender = "in_flight" in load ? closedLoop : openLoop(load.per_second);
  const sending = sender(writers, sentAt, acknowledged);

  await pause(times.warm_ms);
  const before = { ...sums(viewers), server: cpuSeconds(pid), generator: process.cpuUsage(), at: performance.now() };
  measuring = true;
  await pause(times.measure_ms);
  measuring = false;
  const seconds = (performance.now() - before.at) / 1000;
  const after = sums(viewers);
  const generator = process.cpuUsage(before.generator);
  const server = cpuSeconds(pid) - before.server;

  const mutations = await sending.stop();
  await untilAll(viewers, from + mutations);
  const figures = {
    acked_per_s: counted.acked / seconds,
    delivered_per_s: counted.delivered / seconds,
    p50_ms: counted.delivery.quantile(0.5),
    p95_ms: counted.delivery.quantile(0.95),
    p99_ms: counted.delivery.quantile(0.99),
    ack_p50_ms: counted.ack.quantile(0.5),
    ack_p99_ms: counted.ack.quantile(0.99),
    bytes_per_event: (after.bytes - before.bytes) / Math.max(1, counted.delivered),
    events_per_frame: counted.delivered / Math.max(1, after.frames - before.frames),
    peak_memory_mb: peakMemory(pid) / 2 ** 20,
    server_cpu: server / seconds,
    generator_cpu: (generator.user + generator.system) / 1e6 / seconds,
    mutations,
  };
  for (const each of [...viewers, ...writers]) each.close();
  return figures;
}

/** Something that sends changes until it is told to stop; then all that it sent are acknowledged, and counted. */
interface Sending {
  stop(): Promise<number>;
}

type Acknowledged = (n: number) => void;

/** Each writer sends its next change when its last is acknowledged. */
function closedLoop(writers: readonly Writer[], sentAt: Float64Array, acknowledged: Acknowledged): Sending {
  let stopped = false;
  let last = 0;
  const loops = writers.map(async (writer) => {
    while (!stopped) {
      const n = ++last;
      sentAt[n] = performance.now();
      await writer.change(n);
      acknowledged(n);
    }
  });
  return {
    async stop() {
      stopped = true;
      await Promise.all(loops);
      return last;
    },
  };
}

/** Changes are sent when they are due, whatever came back; a late one counts from when it was due. */
function openLoop(perSecond: number) {
  return ([writer]: readonly Writer[], sentAt: Float64Array, acknowledged: Acknowledged): Sending => {
    const interval = 1000 / perSecond;
    const started = performance.now();
    const answers: Promise<void>[] = [];
    let timer = setTimeout(tick, 0);
    function tick(): void {
      for (;;) {
        const n = answers.length + 1;
        const due = started + n * interval;
        const now = performance.now();
        if (due > now) {
          timer = setTimeout(tick, Math.max(0, due - now));
          return;
        }
        sentAt[n] = due;
        const answered = writer?.change(n).then(() => acknowledged(n));
        answers.push(answered ?? Promise.resolve());
      }
    }
    return {
      async stop() {
        clearTimeout(timer);
        await Promise.all(answers);
        return answers.length;
      },
    };
  };
}

async function openViewers(
  dialect: Dialect,
  count: number,
  onEvent: (seq: number, n: number) => void,
): Promise<Viewer[]> {
  const viewers: Viewer[] = [];
  while (viewers.length < count) {
    const next = Math.min(CONNECT_AT_ONCE, count - viewers.length);
    viewers.push(...(await Promise.all(Array.from({ length: next }, () => dialect.viewer(onEvent)))));
  }
  return viewers;
}

function openWriters(dialect: Dialect, count: number): Promise<Writer[]> {
  return Promise.all(Array.from({ length: count }, () => dialect.writer()));
}

function sums(viewers: readonly Viewer[]): { bytes: number; frames: number } {
  return viewers.reduce((sum, each) => ({ bytes: sum.bytes + each.bytes, frames: sum.frames + each.frames }), {
    bytes: 0,
    frames: 0,
  });
}

/** Nothing may be lost: every viewer gets as far as the last change that was acknowledged. */
async function untilAll(viewers: readonly Viewer[], seq: number): Promise<void> {
  const deadline = performance.now() + DRAIN_TIMEOUT_MS;
  for (;;) {
    const behind = viewers.filter((each) => each.seq < seq).length;
    if (behind === 0) return;
    if (performance.now() > deadline) throw new Error(`${behind} viewers never got event ${seq}`);
    await pause(20);
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
