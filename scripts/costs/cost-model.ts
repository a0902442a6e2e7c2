import { PRICES } from "./prices.ts";

/** Rows written for one mutation: in the campaign's room, in D1, and by the workspace that mirrors the campaign. */
export interface RowsEach {
  readonly room: number;
  readonly d1: number;
  readonly workspace: number;
}

/** What the benchmark measured. */
export interface CostBasis {
  readonly measured_on: string;
  /** While mutations keep coming. */
  readonly busy: RowsEach;
  /** When each comes alone: its cursors, alarm and mirror are its own. */
  readonly alone: RowsEach;
}

/** One line of a bill. */
export interface CostLine {
  readonly what: string;
  readonly amount: string;
  readonly dollars: number;
}

/** How a reader's frames add to the bill. */
const REPORT_EVERY_S = 5;
const PING_EVERY_S = 25;
const SECONDS_PER_MONTH = 30 * 24 * 3600;
/** A mutation that comes alone keeps its room awake this long: gathering for D1, the mirror, then the idle wait for cursors. */
const AWAKE_ALONE_S = 1.5;
/** A request at the edge: routing and one signature. A guess well above what was seen. */
const EDGE_CPU_MS = 5;

/** A busy room: so many mutations at a rate, each sent to every viewer. */
export function busyRoom(
  basis: CostBasis,
  load: { mutations: number; perSecond: number; viewers: number },
): CostLine[] {
  const { mutations, perSecond, viewers } = load;
  const seconds = mutations / perSecond;
  const reports = (viewers * seconds) / REPORT_EVERY_S;
  return [
    ...rows(basis.busy, mutations),
    frames("Frames from clients (commands, reports)", mutations + reports),
    awake(seconds),
    { what: "Frames to clients", amount: count(mutations * viewers), dollars: 0 },
  ];
}

/** Sockets that are open for a month while nothing happens. */
export function idleSockets(sockets: number): CostLine[] {
  const pings = (sockets * SECONDS_PER_MONTH) / PING_EVERY_S;
  return [
    { what: "Duration: the rooms hibernate", amount: "0 GB-s", dollars: 0 },
    requests("Connecting once a day", sockets * 30),
    edge(sockets * 30),
    frames("Pings, if auto-answered ones are billed as frames (the pages leave it open)", pings),
  ];
}

/** A month of people who work at their desks: every mutation comes alone. */
export function deskMonth(basis: CostBasis, load: { people: number; perDay: number; days: number }): CostLine[] {
  const mutations = load.people * load.perDay * load.days;
  return [
    ...rows(basis.alone, mutations),
    frames("Frames from clients (commands)", mutations),
    requests("Calls between rooms and alarms", 2 * mutations),
    awake(mutations * AWAKE_ALONE_S),
    edge(load.people * load.days),
  ];
}

export function total(lines: readonly CostLine[]): number {
  return lines.reduce((sum, { dollars }) => sum + dollars, 0);
}

function rows({ room, d1, workspace }: RowsEach, mutations: number): CostLine[] {
  const line = (what: string, each: number): CostLine => ({
    what,
    amount: `${count(mutations * each)} rows`,
    dollars: mutations * each * PRICES.row_written,
  });
  return [
    line("Rows written in the campaign's room", room),
    line("Rows written in D1", d1),
    line("Rows written for the workspace's mirror", workspace),
  ];
}

function frames(what: string, number: number): CostLine {
  const dollars = (number / PRICES.frames_per_request) * PRICES.object_request;
  return { what, amount: count(number), dollars };
}

function requests(what: string, number: number): CostLine {
  return { what, amount: count(number), dollars: number * PRICES.object_request };
}

function awake(seconds: number): CostLine {
  const gbSeconds = seconds * PRICES.object_gb;
  const dollars = gbSeconds * PRICES.object_gb_second;
  return { what: "Duration of awake rooms", amount: `${count(gbSeconds)} GB-s`, dollars };
}

function edge(requests: number): CostLine {
  const dollars = requests * (PRICES.worker_request + EDGE_CPU_MS * PRICES.worker_cpu_ms);
  return { what: "Requests at the edge (connecting)", amount: count(requests), dollars };
}

function count(value: number): string {
  return Math.round(value).toLocaleString("en-US");
}
