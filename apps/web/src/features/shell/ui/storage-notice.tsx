"use client";

import { can } from "@loupe/contracts";
import { useQuery } from "@tanstack/react-query";
import { HardDrive } from "lucide-react";

import { Notice } from "../../../components/notice.tsx";
import { formatBytes } from "../../../lib/format-bytes.ts";
import { useTRPC } from "../../../lib/trpc.tsx";
import { useMe } from "../../session/index.ts";

const LOOK_EVERY_MS = 60_000;

/** Warns those who bring pictures and start runs that the disk is about to be full. */
export function StorageNotice() {
  const trpc = useTRPC();
  const { role } = useMe();
  const { data: storage } = useQuery({
    ...trpc.session.storage.queryOptions(),
    enabled: can(role, "data:write"),
    refetchInterval: LOOK_EVERY_MS,
    staleTime: LOOK_EVERY_MS,
  });
  if (storage === undefined || storage === null || !storage.isLow) return null;
  return (
    <Notice
      tone="warn"
      icon={<HardDrive />}
      isUrgent
      className="shrink-0 rounded-none border-x-0 border-t-0 px-3.5 py-2"
    >
      <strong className="font-semibold">The disk is almost full.</strong>{" "}
      <span className="num">{formatBytes(storage.freeBytes)}</span> are free. Make room, or uploads
      and runs will have to stop; what is there can be looked at all the same.
    </Notice>
  );
}
