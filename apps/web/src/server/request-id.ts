/** Names a request in the logs and in what is said of a failure; always set by `server.ts`. */
export const REQUEST_ID_HEADER = "x-request-id";
