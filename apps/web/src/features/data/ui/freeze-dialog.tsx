"use client";

import { CircleAlert } from "lucide-react";
import { useState } from "react";
import { toast } from "sonner";

import { Button } from "../../../components/button.tsx";
import { Dialog, DialogBody, DialogFooter } from "../../../components/dialog.tsx";
import { Field } from "../../../components/field.tsx";
import { Notice } from "../../../components/notice.tsx";
import { TextInput } from "../../../components/text-input.tsx";
import { describeError } from "../../../lib/describe-error.ts";
import { FreezeProgress } from "./freeze-progress.tsx";
import { useFreeze } from "./use-freeze.ts";

type FreezeDialogProps = {
  readonly isOpen: boolean;
  readonly onOpenChange: (isOpen: boolean) => void;
};

/** Freezes the present images, labels, splits and masks into a version that never changes. */
export function FreezeDialog({ isOpen, onOpenChange }: FreezeDialogProps) {
  const [name, setName] = useState("");
  const [problem, setProblem] = useState<string | null>(null);
  const freeze = useFreeze(({ version, error }) => {
    if (version === null) {
      setProblem(error);
      if (!isOpen) toast.error("The version was not frozen.", { description: error });
      return;
    }
    setName("");
    onOpenChange(false);
    if (version.isNew) toast.success(`Frozen as version ${version.number}.`);
    else {
      toast.info(`Already frozen as version ${version.number}.`, {
        description: "Nothing has changed since, so it is used again.",
      });
    }
  });
  const refusal = freeze.error ? describeError(freeze.error) : null;
  const failure = refusal === null ? problem : (refusal.detail ?? refusal.sentence);
  const isUnderWay = freeze.underWay !== null;

  return (
    <Dialog
      isOpen={isOpen}
      onOpenChange={(next) => {
        freeze.reset();
        setProblem(null);
        onOpenChange(next);
      }}
      title="Freeze a dataset version"
      description="The images with their splits, labels and masks as they are now. A version never changes, so every figure can be told from where it comes."
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          setProblem(null);
          freeze.start(name.trim());
        }}
      >
        <DialogBody>
          {failure !== null && (
            <Notice tone="defect" icon={<CircleAlert />} isUrgent>
              {failure}
            </Notice>
          )}
          {freeze.underWay !== null && (
            <>
              <FreezeProgress freeze={freeze.underWay} />
              <p className="text-ink-2 text-sm">You can leave; it goes on without you.</p>
            </>
          )}
          <Field label="Version name" hint="May stay empty; the version then goes by its number.">
            {(ids) => (
              <TextInput
                {...ids}
                value={name}
                maxLength={80}
                disabled={isUnderWay}
                autoComplete="off"
                onChange={(event) => setName(event.target.value)}
              />
            )}
          </Field>
        </DialogBody>
        <DialogFooter>
          <Button onClick={() => onOpenChange(false)}>{isUnderWay ? "Close" : "Cancel"}</Button>
          <Button type="submit" tone="primary" isBusy={freeze.isStarting || isUnderWay}>
            Freeze
          </Button>
        </DialogFooter>
      </form>
    </Dialog>
  );
}
