"use client";

import { SIGN_IN_REFUSAL } from "@loupe/contracts";
import { WifiOff } from "lucide-react";

import { Notice } from "../../../components/notice.tsx";
import { SignInAgain } from "../../../components/sign-in-again.tsx";
import { useLive } from "../../../lib/live/live-provider.tsx";

/** Says that the connection is lost, and what that means for the person's work. */
export function ConnectionBanner() {
  const { state, refusal, isDatabaseUp } = useLive();
  if (state !== "offline") return null;
  return (
    <Notice
      tone="warn"
      icon={<WifiOff />}
      isUrgent
      className="shrink-0 rounded-none border-x-0 border-t-0 px-3.5 py-2"
      actions={refusal === SIGN_IN_REFUSAL && <SignInAgain />}
    >
      {refusal ?? (
        <>
          <strong className="font-semibold">
            {isDatabaseUp ? "You are offline." : "The server cannot reach its database."}
          </strong>{" "}
          This page shows what was last known. Verdicts are kept here and sent by themselves when
          the connection is back.
        </>
      )}
    </Notice>
  );
}
