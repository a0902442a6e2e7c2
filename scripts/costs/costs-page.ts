import { busyRoom, deskMonth, idleSockets, total } from "./cost-model.ts";
import type { CostBasis, CostLine } from "./cost-model.ts";

const MUTATIONS = 1_000_000;
const SOCKETS = 10_000;
const DESKS = { people: 10_000, perDay: 50, days: 30 };

/** docs/costs.md as Markdown. */
export function costsPage(basis: CostBasis): string {
  const busy = busyRoom(basis, { mutations: MUTATIONS, perSecond: 100, viewers: 50 });
  const idle = idleSockets(SOCKETS);
  const desks = deskMonth(basis, DESKS);
  return `# What it costs to run

Computed by \`node scripts/costs.ts\` from rows that \`npm run bench\` measured on ${basis.measured_on} (\`docs/costs.json\`) and the prices
that Cloudflare publishes (\`scripts/costs/prices.ts\`, November 2026). Marginal prices: what the plan of $5 a month includes
(1 M object requests, 400,000 GB-s, 50 M rows written in objects and 50 M in D1) comes off these bills. Nothing here was billed;
it is arithmetic.

| | Dollars |
| --- | --: |
| A million mutations in one busy room (100/s), each to 50 viewers | ${dollars(total(busy))} |
| ${SOCKETS.toLocaleString("en-US")} idle sockets for a month | ${dollars(total(idle))} |
| A month of ${DESKS.people.toLocaleString("en-US")} people with ${DESKS.perDay} operations a day each | ${dollars(total(desks))} |

Rows written are nearly all of it: how many people watch hardly matters, since frames to clients are free.

| Rows written for a mutation | In the room | In D1 | By the workspace's mirror |
| --- | --: | --: | --: |
| while mutations keep coming | ${basis.busy.room} | ${basis.busy.d1} | ${basis.busy.workspace} |
| one that comes alone | ${basis.alone.room} | ${basis.alone.d1} | ${basis.alone.workspace} |

## A million mutations to 50 viewers

${bill(busy)}

## ${SOCKETS.toLocaleString("en-US")} idle sockets, 30 days

${bill(idle)}

A room that did not hibernate would be billed for every second: about $4.15 a month each.

## ${DESKS.people.toLocaleString("en-US")} people, ${DESKS.perDay} operations a day, 30 days

${(DESKS.people * DESKS.perDay * DESKS.days).toLocaleString("en-US")} mutations, each taken to come alone, which is the dear way: cursors, alarm and mirror are then not shared.

${bill(desks)}

## What is not in it

- Storage: $0.20 a GB and month in objects, $0.75 in D1. A mutation keeps about 1 KB in each until history is pruned.
- Rows read: $0.001 a million, a thousandth of those written.
- Reads over HTTP, imports, and the Worker's static files (free).
`;
}

function bill(lines: readonly CostLine[]): string {
  const body = lines.map(({ what, amount, dollars: cost }) => `| ${what} | ${amount} | ${dollars(cost)} |`);
  return [
    "| | Amount | Dollars |",
    "| --- | --: | --: |",
    ...body,
    `| **Total** | | **${dollars(total(lines))}** |`,
  ].join("\n");
}

function dollars(value: number): string {
  return value === 0
    ? "0"
    : value < 100
      ? value.toFixed(value < 0.1 ? 3 : 2)
      : Math.round(value).toLocaleString("en-US");
}
