/** A failure that a person can do something about: its message is all that they need. */
export class ExpectedFailure extends Error {
  override readonly name = "ExpectedFailure";
}
