export type FormBody = {
  readonly body: ReadableStream<Uint8Array<ArrayBuffer>>;
  readonly headers: { readonly "content-type": string };
};

const PART_BYTES = 16 * 1024;

/**
 * A form as a body that comes in parts.
 *
 * Of a FormData itself Node 24 goes on making parts when its reader has gone, and then reports an
 * error that belongs to nobody.
 */
export async function formBody(form: FormData): Promise<FormBody> {
  const { bytes, headers } = await encodeForm(form);
  let at = 0;
  const body = new ReadableStream<Uint8Array<ArrayBuffer>>(
    {
      pull(controller) {
        controller.enqueue(bytes.subarray(at, at + PART_BYTES));
        at += PART_BYTES;
        if (at >= bytes.byteLength) controller.close();
      },
    },
    { highWaterMark: 0 },
  );
  return { body, headers };
}

/** A form as a browser would send it. */
export async function encodeForm(
  form: FormData,
): Promise<Pick<FormBody, "headers"> & { readonly bytes: Uint8Array<ArrayBuffer> }> {
  const whole = new Response(form);
  const contentType = whole.headers.get("content-type") ?? "";
  const bytes = new Uint8Array(await whole.arrayBuffer());
  return { bytes, headers: { "content-type": contentType } };
}
