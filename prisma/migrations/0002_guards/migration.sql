-- Promises of the domain that the schema file cannot express.

-- What is written once stays as it is. A statement of its own is refused;
-- the removal of a whole project reaches these rows through its foreign keys,
-- which shows as a trigger inside a trigger.
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF pg_trigger_depth() > 1 THEN
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
  END IF;
  RAISE EXCEPTION 'Rows of % are never changed: % refused. Write a newer row instead.', TG_TABLE_NAME, TG_OP
    USING ERRCODE = 'integrity_constraint_violation';
END
$$;

CREATE TRIGGER verdict_is_immutable BEFORE UPDATE OR DELETE ON "verdict"
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER event_is_immutable BEFORE UPDATE OR DELETE ON "event"
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER dataset_version_is_immutable BEFORE UPDATE OR DELETE ON "dataset_version"
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER dataset_item_is_immutable BEFORE UPDATE OR DELETE ON "dataset_item"
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
-- A mask's revision may go with a refused import, but never change.
CREATE TRIGGER mask_is_immutable BEFORE UPDATE ON "mask"
  FOR EACH ROW EXECUTE FUNCTION refuse_change();

ALTER TABLE "verdict" ADD CONSTRAINT "verdict_defective_names_type"
  CHECK ("value" <> 'defective' OR "defectType" IS NOT NULL);
ALTER TABLE "image" ADD CONSTRAINT "image_sha256_is_a_hash" CHECK ("sha256" ~ '^[0-9a-f]{64}$');
ALTER TABLE "mask" ADD CONSTRAINT "mask_sha256_is_a_hash" CHECK ("sha256" ~ '^[0-9a-f]{64}$');
ALTER TABLE "event" ADD CONSTRAINT "event_sequence_is_positive" CHECK ("sequence" > 0);

-- The review queue, which spans two states, and the queue of everything, most anomalous first.
CREATE INDEX "case_undecided_by_score" ON "case" ("projectId", "score" DESC, "id") WHERE "state" <> 'decided';
CREATE INDEX "case_by_score" ON "case" ("projectId", "score" DESC, "id");
