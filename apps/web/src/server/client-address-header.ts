/** Set by `server.ts` from the connection itself, so that a client cannot choose it. */
export const CLIENT_ADDRESS_HEADER = "x-loupe-client-address";
