-- A status moves along its table of transitions (`TRANSITIONS` of contracts), whoever changes it.
CREATE FUNCTION refuse_status_jump() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT (OLD."status"::text || ' ' || NEW."status"::text) = ANY (TG_ARGV) THEN
    RAISE EXCEPTION 'A row of % cannot go from % to %.', TG_TABLE_NAME, OLD."status", NEW."status"
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END
$$;

CREATE TRIGGER training_run_status_transition BEFORE UPDATE OF "status" ON "training_run"
  FOR EACH ROW WHEN (OLD."status" IS DISTINCT FROM NEW."status")
  EXECUTE FUNCTION refuse_status_jump(
    'queued caching_features',
    'queued cancelled',
    'queued failed',
    'caching_features training',
    'caching_features cancelled',
    'caching_features failed',
    'training caching_features',
    'training evaluating',
    'training cancelled',
    'training failed',
    'evaluating caching_features',
    'evaluating succeeded',
    'evaluating cancelled',
    'evaluating failed');

CREATE TRIGGER import_status_transition BEFORE UPDATE OF "status" ON "import"
  FOR EACH ROW WHEN (OLD."status" IS DISTINCT FROM NEW."status")
  EXECUTE FUNCTION refuse_status_jump(
    'uploaded running',
    'uploaded succeeded',
    'uploaded refused',
    'uploaded failed',
    'uploaded cancelled',
    'running succeeded',
    'running refused',
    'running failed',
    'running cancelling',
    'cancelling cancelled');

CREATE TRIGGER dataset_freeze_status_transition BEFORE UPDATE OF "status" ON "dataset_freeze"
  FOR EACH ROW WHEN (OLD."status" IS DISTINCT FROM NEW."status")
  EXECUTE FUNCTION refuse_status_jump(
    'queued freezing',
    'queued succeeded',
    'queued failed',
    'freezing succeeded',
    'freezing failed');

CREATE TRIGGER encoder_pull_status_transition BEFORE UPDATE OF "status" ON "encoder_pull"
  FOR EACH ROW WHEN (OLD."status" IS DISTINCT FROM NEW."status")
  EXECUTE FUNCTION refuse_status_jump(
    'queued downloading',
    'queued succeeded',
    'queued failed',
    'downloading succeeded',
    'downloading failed');

CREATE TRIGGER inspection_status_transition BEFORE UPDATE OF "status" ON "inspection"
  FOR EACH ROW WHEN (OLD."status" IS DISTINCT FROM NEW."status")
  EXECUTE FUNCTION refuse_status_jump(
    'uploading queued',
    'uploading cancelled',
    'queued scoring',
    'queued succeeded',
    'queued failed',
    'queued cancelled',
    'scoring succeeded',
    'scoring failed',
    'scoring cancelled');
