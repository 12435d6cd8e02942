import { encodeForm, type FormBody } from "./form-body.ts";

/**
 * A form as a body that comes in two parts, and what happens in between.
 *
 * Nothing of it is made before somebody reads, so `meanwhile` runs after
 * whatever the reader does first.
 */
export async function interruptedForm(
  form: FormData,
  meanwhile: () => Promise<unknown>,
): Promise<FormBody> {
  const { bytes, headers } = await encodeForm(form);
  const middle = Math.floor(bytes.byteLength / 2);
  let isHalfSent = false;
  const body = new ReadableStream<Uint8Array<ArrayBuffer>>(
    {
      async pull(controller) {
        if (!isHalfSent) {
          isHalfSent = true;
          controller.enqueue(bytes.subarray(0, middle));
          return;
        }
        await meanwhile();
        controller.enqueue(bytes.subarray(middle));
        controller.close();
      },
    },
    { highWaterMark: 0 },
  );
  return { body, headers };
}

/** What may become of an upload's author before its last byte, and the answer that they get then. */
export const LOST_ACCESS = [
  ["is removed", `delete from "member" where "userId" = $1`, 404],
  ["becomes a viewer", `update "member" set role = 'viewer' where "userId" = $1`, 403],
  ["is signed out everywhere", `delete from "session" where "userId" = $1`, 404],
  ["has a session that ends", `update "session" set "expiresAt" = now() where "userId" = $1`, 404],
  ["is deleted", `delete from "user" where "id" = $1`, 404],
] as const;
