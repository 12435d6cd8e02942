-- A decision is overturned with a reason, and people may take back their own verdict for a short while. The verdict
-- itself stays as it was given; that it counts no more is a row of its own.

-- AlterTable
ALTER TABLE "verdict" ADD COLUMN     "overturnReason" TEXT;

-- CreateTable
CREATE TABLE "verdict_withdrawal" (
    "verdictId" UUID NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "verdict_withdrawal_pkey" PRIMARY KEY ("verdictId")
);

-- AddForeignKey
ALTER TABLE "verdict_withdrawal" ADD CONSTRAINT "verdict_withdrawal_verdictId_fkey" FOREIGN KEY ("verdictId") REFERENCES "verdict"("id") ON DELETE CASCADE ON UPDATE CASCADE;

CREATE TRIGGER verdict_withdrawal_is_immutable BEFORE UPDATE OR DELETE ON "verdict_withdrawal"
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
