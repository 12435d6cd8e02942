/** Which of the site's parts stands behind an address; decides the headers of its answers. */
export type DoorKind = "page" | "asset" | "api" | "sockets";

/** One address pattern of the site and what may come in through it. */
export type Door = {
  /** As the folders of `app` spell it: `[id]` is one segment, `[...rest]` are one or more, `[[...all]]` any. */
  readonly path: string;
  readonly kind: DoorKind;
  /** HEAD comes with GET. */
  readonly methods: readonly ("GET" | "POST")[];
  /** The largest body of a POST; a GET has none. */
  readonly maxBodyBytes: number;
  /**
   * True: the body flows on while it comes, held back by whoever reads it. Else
   * it is taken in whole before anybody sees the request.
   */
  readonly isStreamed: boolean;
};
