// A process of its own: the Socket.IO peer, built as the tutorial on its site has it (steps 5 to 7: rooms, acknowledgements,
// SQLite before the broadcast, what a returning client missed sent from the table), with the same durable write as the others.
import { createServer } from "node:http";
import { DatabaseSync } from "node:sqlite";
import { Server } from "socket.io";
import { CAMPAIGN, EVENT_TYPE, PEER_SCHEMA } from "../peer-schema.ts";
import type { Change, PeerEvent } from "../peer-schema.ts";

// Given by the benchmark that starts this file.
const { file } = JSON.parse(process.argv[2] ?? "") as { file: string };
const db = new DatabaseSync(file);
db.exec("PRAGMA journal_mode = WAL");
// As workerd has it: it calls fsync once for each commit (strace, workerd 2026-09-18).
db.exec("PRAGMA synchronous = FULL");
for (const statement of PEER_SCHEMA) db.exec(statement);
const begin = db.prepare("BEGIN");
const commit = db.prepare("COMMIT");
const append = db.prepare("INSERT INTO log (seq, command_id, at, event) VALUES (?, ?, ?, ?)");
const write = db.prepare("INSERT OR REPLACE INTO entities (id, seq, json) VALUES (?, ?, ?)");
const missed = db.prepare("SELECT event FROM log WHERE seq > ? ORDER BY seq");
const all = db.prepare("SELECT json FROM entities");

let campaign = { ...CAMPAIGN };
let head = 0;

function update(id: string, payload: Change): PeerEvent {
  const at = new Date().toISOString();
  const next = { ...campaign, state: { ...campaign.state, ...payload.updates.state }, updated_at: at };
  const event = { seq: head + 1, type: EVENT_TYPE, actor: "member:mem_01J9DEM0000000000000000001", at, data: payload };
  begin.run();
  append.run(event.seq, id, at, JSON.stringify(event));
  write.run(next.id, event.seq, JSON.stringify(next));
  commit.run();
  campaign = next;
  head = event.seq;
  return event;
}

const http = createServer();
const io = new Server(http);
io.on("connection", (socket) => {
  socket.on("join", (ack: (head: number) => void) => {
    void socket.join("campaign");
    ack(head);
  });
  socket.on("since", (seq: number) => {
    for (const row of missed.iterate(seq)) emit((name, event) => socket.emit(name, event), parse(row["event"]));
  });
  socket.on("snapshot", (ack: (rows: unknown[]) => void) => {
    ack(all.all().map((row) => JSON.parse(String(row["json"])) as unknown));
  });
  socket.on("update", (id: string, payload: Change, ack: (seq: number) => void) => {
    const event = update(id, payload);
    emit((name, body) => io.to("campaign").emit(name, body), event);
    ack(event.seq);
  });
  // For the benchmark: what the snapshot is to hold.
  socket.on("fill", (rows: { id: string }[], ack: () => void) => {
    begin.run();
    for (const row of rows) write.run(row.id, head, JSON.stringify(row));
    commit.run();
    ack();
  });
});

/** The type is the event's name, so it is not sent twice. */
function emit(send: (name: string, body: object) => void, { type, ...body }: PeerEvent): void {
  send(type, body);
}

function parse(json: unknown): PeerEvent {
  return JSON.parse(String(json)) as PeerEvent; // Written by update() alone.
}

http.listen(0, "127.0.0.1", () => {
  const address = http.address();
  const port = address !== null && typeof address === "object" ? address.port : 0;
  process.send?.({ url: `http://127.0.0.1:${port}`, pid: process.pid });
});
process.on("disconnect", () => process.exit(0));
