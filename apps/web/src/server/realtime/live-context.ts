import type { Logger } from "@loupe/platform";

import type { WebServices } from "../services.ts";
import type { LiveServer } from "./live-server.ts";
import type { PresenceDesk } from "./presence/presence-desk.ts";
import type { RelayHub } from "./relay-hub.ts";

/** What the socket handlers share. */
export type LiveContext = {
  readonly services: WebServices;
  readonly logger: Logger;
  readonly io: LiveServer;
  readonly hub: RelayHub;
  readonly presence: PresenceDesk;
  /** Milliseconds; floods are measured by it. */
  readonly now: () => number;
};
