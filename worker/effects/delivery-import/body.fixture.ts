/** A request's body, in chunks; it fails the test if it is cancelled. */
export function bodyOf(file: string | Uint8Array, chunkSize = 16_384): ReadableStream<Uint8Array> {
  const bytes = typeof file === "string" ? new TextEncoder().encode(file) : new Uint8Array(file);
  let at = 0;
  return new ReadableStream<Uint8Array>({
    pull(controller) {
      if (at >= bytes.length) controller.close();
      else controller.enqueue(bytes.slice(at, (at += chunkSize)));
    },
    cancel() {
      throw new Error("The body was cancelled");
    },
  });
}
