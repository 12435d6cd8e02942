import { Building2 } from "lucide-react";

import { EmptyState } from "../../../components/empty-state.tsx";

/** For someone with an account who belongs to no organisation. */
export function NoOrganisation() {
  return (
    <main className="grid min-h-dvh place-items-center">
      <EmptyState icon={<Building2 />} title="You belong to no organisation yet">
        Ask an owner to invite you, then load this page again.
      </EmptyState>
    </main>
  );
}
