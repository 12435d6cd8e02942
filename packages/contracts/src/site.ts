import { z } from "zod";

/** What people call a plant of their organisation, such as "Plant North". */
export const SiteName = z.string().min(1).max(80);
export type SiteName = z.infer<typeof SiteName>;
