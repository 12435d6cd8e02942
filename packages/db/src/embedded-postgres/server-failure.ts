/** Why the embedded PostgreSQL cannot run, as a sentence for whoever starts Loupe. */
export class ServerFailure extends Error {
  override readonly name = "ServerFailure";
}
