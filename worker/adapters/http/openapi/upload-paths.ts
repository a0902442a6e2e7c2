import type { Upload } from "../ports.ts";
import { PARAMETER_REFS } from "./components.ts";
import { permissionText } from "./permission-text.ts";
import { queryParameters } from "./read-paths.ts";
import { COMMAND_REFUSALS, refusalResponses } from "./refusals.ts";

/** An operation as far as an upload at the same address adds to it. */
interface CommandOperation {
  readonly description: string;
  readonly parameters: readonly object[];
  readonly requestBody: { readonly content: object };
  readonly responses: object;
}

/**
 * Bodies that are streamed. An upload can have the address of a command, told apart by the body's type:
 * then both are one operation, since an address and method have only one.
 */
export function uploadPaths(
  uploads: readonly Upload[],
  commands: Readonly<Record<string, object>>,
): Record<string, object> {
  const paths: Record<string, object> = { ...commands };
  for (const upload of uploads) {
    const path = `/v1/workspaces/{workspace}/campaigns/{campaign}/${upload.path}`;
    const command = commands[path] as { post: CommandOperation } | undefined; // Made by commandPaths.
    paths[path] = { post: command ? merged(command.post, upload) : uploadOperation(upload) };
  }
  return paths;
}

function uploadOperation(upload: Upload): object {
  const { workspace, campaign, idempotencyKey, traceparent } = PARAMETER_REFS;
  return {
    operationId: `campaign.${upload.path.replaceAll("/", ".")}`,
    tags: [upload.path.split("/")[0]],
    summary: upload.about,
    description: `${permissionText(upload.needs)} ${sizeText(upload)}`,
    parameters: [
      workspace,
      campaign,
      ...(upload.mutates ? [idempotencyKey] : []),
      traceparent,
      ...queryParameters(upload.query),
    ],
    requestBody: { required: true, content: contentOf(upload) },
    responses: { [upload.status]: responseOf(upload), ...refusalResponses(COMMAND_REFUSALS) },
  };
}

function merged(command: CommandOperation, upload: Upload): object {
  return {
    ...command,
    description: `${command.description}\n\nAs \`${upload.content_type}\`: ${upload.about} ${sizeText(upload)}`,
    parameters: [...command.parameters, ...queryParameters(upload.query)],
    requestBody: { ...command.requestBody, content: { ...command.requestBody.content, ...contentOf(upload) } },
    responses: { ...command.responses, [upload.status]: responseOf(upload) },
  };
}

function sizeText({ max_bytes }: Upload): string {
  return `At most ${max_bytes / 1024 / 1024} MB.`;
}

function contentOf({ content_type }: Upload): object {
  return { [content_type]: { schema: { type: "string" } } };
}

function responseOf({ content_type }: Upload): object {
  return {
    description: `What was read (of ${content_type}).`,
    content: { "application/json": { schema: { type: "object" } } },
  };
}
