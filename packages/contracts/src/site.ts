import { z } from "zod";

/** What people call a plant of their organisation, such as "Plant North", as it is stored. */
export const SiteName = z.string().min(1);
export type SiteName = z.infer<typeof SiteName>;
