import assert from "node:assert/strict";
import type { DownFrame, WireError } from "../../../core/protocol/frames.ts";
import { Api, makeCampaign, mustWork } from "./api.ts";
import type { TestCampaign } from "./api.ts";
import type { Person } from "./people.ts";
import { RoomSocket } from "./room-socket.ts";

/** What a bad request is to be answered. `pointer` leads into the payload; null: it is about no field. */
export interface Expected {
  readonly status: number;
  readonly code: string;
  readonly pointer: string | null;
}

/** What would give away our insides. */
const INSIDES =
  /\n\s+at |\bat \S+ \(|\.[tj]sx?:\d+|node_modules|workerd|ZodError|\b(Type|Range|Syntax|Reference)Error\b/;

/** A campaign of its own, with a person at it over HTTP and by socket, to be asked for what it must refuse. */
export class Desk {
  readonly url: string;
  readonly api: Api & { workspaceId: string };
  readonly campaign: TestCampaign;
  socket: RoomSocket;

  private constructor(made: { url: string; api: Desk["api"]; campaign: TestCampaign; socket: RoomSocket }) {
    this.url = made.url;
    this.api = made.api;
    this.campaign = made.campaign;
    this.socket = made.socket;
  }

  static async open(url: string, person: Person): Promise<Desk> {
    const campaign = await makeCampaign(await Api.as(url, "owner"));
    const api = await Api.as(url, person);
    // A sign-in of its own: each has its own allowance of commands.
    const { token } = await Api.as(url, person);
    const socket = await RoomSocket.open(url, `${campaign.path}/live`, token);
    await socket.hello();
    return new Desk({ url, api, campaign, socket });
  }

  /** Everything the room holds, with its position. */
  async state(): Promise<unknown> {
    const answers = await Promise.all(
      ["", "/media_buy", "/package_counter", "/creative"].map((kind) => this.api.get(this.campaign.path + kind)),
    );
    return answers.map((answer) => {
      const { as_of, ...body } = mustWork(answer) as { as_of: { epoch: number; seq: number } };
      return { epoch: as_of.epoch, seq: as_of.seq, body };
    });
  }

  /** Sends a command by HTTP; `text` is the body as it travels. */
  async post(
    type: string,
    text: string,
    headers: Record<string, string> = {},
  ): Promise<{ status: number; text: string }> {
    const answer = await fetch(`${this.url}${this.campaign.path}/${type.split(":").slice(0, 2).join("/")}`, {
      method: "POST",
      headers: {
        authorization: `Bearer ${this.api.token}`,
        "content-type": "application/json",
        "idempotency-key": crypto.randomUUID(),
        ...headers,
      },
      body: text,
    });
    return { status: answer.status, text: await answer.text() };
  }

  /** Sends a command by socket, its payload as it travels, and takes what comes back under its id. */
  async frame(type: string, payload: string): Promise<DownFrame> {
    const id = crypto.randomUUID();
    const answered = this.socket.next((frame): frame is DownFrame => "id" in frame && frame.id === id);
    this.socket.sendText(`{"type":"${type}:requested","id":"${id}","payload":${payload}}`);
    return await answered;
  }

  /** Sends a text that is no command and takes the `error` it is answered. */
  async fault(send: (socket: RoomSocket) => void): Promise<WireError> {
    const answered = this.socket.next(
      (frame): frame is Extract<DownFrame, { type: "error" }> => frame.type === "error",
    );
    send(this.socket);
    const frame = await answered;
    if (!("error" in frame)) throw new Error("Not an error");
    return frame.error;
  }

  /** Sends a command's frame as it is and takes the error it is refused with. */
  async refusal(frame: { readonly id: string }): Promise<WireError> {
    const answered = this.socket.next((down): down is DownFrame => "id" in down && down.id === frame.id);
    this.socket.send(frame);
    return errorIn(await answered);
  }

  /** Does `work`, which is to change nothing. Throws if it did, or if the same socket serves no longer. */
  async unchangedBy(work: () => Promise<void>): Promise<void> {
    const before = await this.state();
    await work();
    assert.deepEqual(await this.state(), before);
    const payload = { campaign_id: this.campaign.campaignId, updates: { title: "Still at work" } };
    const answer = await this.socket.command("campaign:update:v1", payload, { metadata: { dry_run: true } });
    assert.equal(answer.type, "campaign:update:v1:success");
  }
}

/** The error of an answer by socket. Throws if the command was carried out. */
export function errorIn(frame: DownFrame): WireError {
  if (!("error" in frame)) throw new Error(`It was not refused: ${JSON.stringify(frame)}`);
  return frame.error;
}

/** Throws unless this is a problem document (RFC 9457) that tells what was wrong, where and what to do, and nothing of our insides. */
export function assertProblem(answer: { status: number; text: string }, { status, ...expected }: Expected): void {
  const body = JSON.parse(answer.text) as WireError & { status: number; detail: string; title: string; type: string };
  assert.equal(answer.status, status, answer.text);
  const { code, message } = body;
  const document = { status: body.status, detail: body.detail, type: body.type };
  assert.deepEqual(document, { status, detail: message, type: `urn:flightdeck:refusal:${code}` });
  assertError(body, expected);
}

/** The same of a refusal by socket. */
export function assertError(error: WireError, { code, pointer }: Omit<Expected, "status">): void {
  const text = JSON.stringify(error);
  assert.doesNotMatch(text, INSIDES);
  assert.equal(error.code, code, text);
  const issues = error.issues ?? [];
  const pointers = issues.map((issue) => issue.pointer);
  assert.ok(pointer === null ? pointers.length === 0 : pointers.includes(pointer), `${pointer} is not in ${text}`);
  for (const said of [error.message, error.hint ?? "", ...issues.map((issue) => issue.message)])
    assert.match(said, /\S+ \S+/, text);
}
