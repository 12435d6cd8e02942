import type { ClientToServerEvents, ServerToClientEvents } from "@loupe/contracts";
import { io, type Socket } from "socket.io-client";

export type LiveSocket = Socket<ServerToClientEvents, ClientToServerEvents>;

/** A socket to the page's own server, not yet connected. Websocket first; polling where that is blocked. */
export function openLiveSocket(): LiveSocket {
  return io({
    autoConnect: false,
    transports: ["websocket", "polling"],
    tryAllTransports: true,
    reconnectionDelay: 400,
    reconnectionDelayMax: 3000,
    timeout: 4000,
    withCredentials: true,
  });
}
