/** A failure of model work. Its message is a sentence for the person who started the work. */
export class ComputeError extends Error {
  override readonly name = "ComputeError";
  /** Stack in the thread that failed. */
  readonly threadStack: string | undefined;

  constructor(cause: { readonly message: string; readonly stack?: string | undefined }) {
    super(cause.message);
    this.threadStack = cause.stack;
  }
}
