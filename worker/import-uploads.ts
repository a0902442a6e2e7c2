import { z } from "zod";
import type { CommandCall } from "../core/model/command.ts";
import { parseJson } from "../core/model/json.ts";
import { invalid, isRefusal } from "../core/model/refusal.ts";
import type { Refusal } from "../core/model/refusal.ts";
import type { ReadAnswer, Upload, UploadRequest } from "./adapters/http/ports.ts";
import { previewImport } from "./effects/delivery-import/preview-import.ts";
import type { Executed } from "./effects/delivery-import/execute.ts";
import { runImport } from "./effects/delivery-import/run-import.ts";
import { MAX_FILE_BYTES } from "./effects/delivery-import/sampled-body.ts";
import type { Env } from "./env.ts";
import { roomPort, rpcStub } from "./room-port.ts";

/** The options of an import as they stand in an address; the import itself checks what they hold. */
const ImportQuery = z.strictObject({
  import_id: z.string().optional().describe("An id of your choice, `imp_` and a ULID."),
  file_name: z.string().optional().describe("What people see the import as."),
  inventory_product_id: z.string().optional().describe("What the packages made from it are bought from."),
  currency: z.string().optional().describe("ISO 4217. Left out: what the file says, else the workspace's."),
  brand: z.string().optional().describe('JSON, such as {"name": "Acme", "domain": "acme.example"}.'),
  mapping: z
    .string()
    .optional()
    .describe("JSON: how to read the file. Left out, or in part: detected. See the preview."),
});

/** The CSV uploads of a campaign. */
export function importUploads(env: Env): Upload[] {
  const shared = {
    needs: "delivery.report",
    content_type: "text/csv",
    max_bytes: MAX_FILE_BYTES,
    query: ImportQuery,
    status: 200,
  } as const;
  return [
    {
      ...shared,
      path: "delivery/import",
      about:
        "Import a delivery report of an ad platform. Good rows are imported, each bad one is named with its reason.",
      mutates: true,
      run: (upload) => importReport(env, upload),
    },
    {
      ...shared,
      path: "delivery/import/preview",
      about: "Say how a delivery report would be read: its layout, columns, formats and first rows. Imports nothing.",
      mutates: false,
      run: async ({ query, body }) => {
        const options = optionsOf(query);
        return answered(isRefusal(options) ? options : await previewImport(body, options, () => Date.now()));
      },
    },
  ];
}

async function importReport(env: Env, upload: UploadRequest): Promise<ReadAnswer> {
  const { identity, workspace_id, campaign_id, query, body, key, total_bytes } = upload;
  const options = optionsOf(query);
  if (isRefusal(options)) return answered(options);
  const address = { workspace_id, campaign_id };
  const answer = await runImport({
    body,
    options,
    command_id: key,
    total_bytes,
    execute: (call, id) => send(env, upload, { call, id }),
    signal: (name, data) => {
      // Progress is only told: if the room cannot pass it on, the import goes on all the same.
      rpcStub(env, address)
        .signal({ identity, name, data })
        .catch(() => undefined);
    },
  });
  return answered(answer);
}

async function send(env: Env, upload: UploadRequest, step: { call: CommandCall; id: string }): Promise<Executed> {
  const { identity, workspace_id, campaign_id, correlation } = upload;
  const envelope = { type: `${step.call.type}:requested`, id: step.id, payload: step.call.payload };
  const outcome = await roomPort(env, { workspace_id, campaign_id }).command({ identity, envelope, correlation });
  return outcome.ok ? { ok: true, data: outcome.data } : outcome.refusal;
}

function optionsOf({ brand, mapping, ...texts }: Readonly<Record<string, string>>): Record<string, unknown> | Refusal {
  const options: Record<string, unknown> = { ...texts };
  for (const [name, text] of Object.entries({ brand, mapping })) {
    if (text === undefined) continue;
    try {
      options[name] = parseJson(text);
    } catch {
      return invalid(`/${name}`, `${name} is not valid JSON.`, "format");
    }
  }
  return options;
}

function answered(answer: Refusal | object): ReadAnswer {
  return isRefusal(answer) ? { ok: false, refusal: answer } : { ok: true, answer };
}
