import { expect, it } from "vitest";
import { busyRoom, deskMonth, idleSockets, total } from "./cost-model.ts";
import type { CostBasis } from "./cost-model.ts";

const basis: CostBasis = {
  measured_on: "2026-11-20",
  busy: { room: 3, d1: 2, workspace: 0 },
  alone: { room: 5, d1: 3, workspace: 4 },
};

it("a million mutations of three rows in the room and two in D1 cost five dollars and little more", () => {
  const lines = busyRoom(basis, { mutations: 1_000_000, perSecond: 100, viewers: 50 });
  expect(total(lines)).toBeGreaterThan(5);
  expect(total(lines)).toBeLessThan(5.05);
});

it("how many watch costs their reports only", () => {
  const cost = (viewers: number): number => total(busyRoom(basis, { mutations: 1_000_000, perSecond: 100, viewers }));
  // 950 more viewers report 2,000 times in 10,000 s: 1.9 M frames, of which 20 are a request.
  expect(cost(1000) - cost(50)).toBeCloseTo((1.9e6 / 20) * (0.15 / 1e6), 6);
});

it("quiet sockets cost no duration", () => {
  expect(idleSockets(10_000).find(({ what }) => what.startsWith("Duration"))?.dollars).toBe(0);
});

it("people at their desks pay each mutation's own cursors, alarm and mirror", () => {
  const lines = deskMonth(basis, { people: 10, perDay: 10, days: 10 });
  expect(lines.slice(0, 3).reduce((sum, { dollars }) => sum + dollars, 0)).toBeCloseTo(1000 * 12e-6, 9);
});
