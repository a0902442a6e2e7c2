import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { campaignRoom } from "../rooms/campaign-room.ts";
import { workspaceRoom } from "../rooms/workspace-room.ts";
import { PROTOCOL_HASH } from "./protocol-hash.ts";
import { protocolShape } from "./protocol-shape.ts";
import { PROTOCOL_VERSION } from "./version.ts";

const WHAT_TO_DO = `The wire has changed: a frame, a payload, what an event carries, an entity or a signal.
1. If a browser tab with the old code could misread it, bump PROTOCOL_VERSION in core/protocol/version.ts: old tabs then reload.
2. Say so in CHANGELOG.md.
3. Run "npm run generate -- --accept-protocol".`;

describe("the protocol", () => {
  it("has the shape that was accepted for its version", () => {
    const sha256 = createHash("sha256")
      .update(protocolShape([workspaceRoom, campaignRoom]))
      .digest("hex");
    if (sha256 !== PROTOCOL_HASH.sha256) throw new Error(WHAT_TO_DO);
    expect(PROTOCOL_VERSION).toBe(PROTOCOL_HASH.version);
  });

  it("has another shape if a payload has another field", () => {
    const [first] = workspaceRoom.commands.values();
    const other = { ...workspaceRoom, commands: new Map([...workspaceRoom.commands].slice(1)) };
    expect(first).toBeDefined();
    expect(protocolShape([other, campaignRoom])).not.toBe(protocolShape([workspaceRoom, campaignRoom]));
  });
});
