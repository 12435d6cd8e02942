import type { Role } from "@loupe/contracts";

type DemoPerson = {
  readonly name: string;
  readonly email: string;
  readonly role: Role;
  /** Null: works for all sites. */
  readonly site: string | null;
};

/** The plants of the demo organisation. */
export const DEMO_SITES = ["Plant North", "Plant South", "Plant West"] as const;

/** The people of the demo organisation. */
export const DEMO_PEOPLE = [
  { name: "Demo owner", email: "owner@demo.loupe.local", role: "owner", site: null },
  { name: "Demo manager", email: "manager@demo.loupe.local", role: "manager", site: "Plant North" },
  {
    name: "Demo engineer",
    email: "engineer@demo.loupe.local",
    role: "engineer",
    site: "Plant North",
  },
  {
    name: "Demo annotator",
    email: "annotator@demo.loupe.local",
    role: "annotator",
    site: "Plant West",
  },
  {
    name: "Reviewer North",
    email: "reviewer@demo.loupe.local",
    role: "reviewer",
    site: "Plant North",
  },
  {
    name: "Reviewer South",
    email: "reviewer2@demo.loupe.local",
    role: "reviewer",
    site: "Plant South",
  },
  {
    name: "Reviewer West",
    email: "reviewer3@demo.loupe.local",
    role: "reviewer",
    site: "Plant West",
  },
  { name: "Demo viewer", email: "viewer@demo.loupe.local", role: "viewer", site: "Plant South" },
] as const satisfies readonly DemoPerson[];

/** Printed at every start: the demo is for a look around, not for real data. */
export const DEMO_PASSWORD = "loupe-demo";

export const DEMO_ORGANISATION = { name: "Demo organisation", slug: "demo" } as const;

/** The project that fills by itself. */
export const DEMO_PROJECT = "Demo line";
