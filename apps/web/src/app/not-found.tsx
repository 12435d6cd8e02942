import { SearchX } from "lucide-react";
import Link from "next/link";

import { Button } from "../components/button.tsx";
import { EmptyState } from "../components/empty-state.tsx";

export default function NotFound() {
  return (
    <main className="grid min-h-dvh place-items-center">
      <EmptyState
        icon={<SearchX />}
        title="There is nothing here"
        action={
          <Button asChild tone="primary">
            <Link href="/">All projects</Link>
          </Button>
        }
      >
        The address is wrong, or it belongs to an organisation that you are not in.
      </EmptyState>
    </main>
  );
}
