-- A session in use is renewed, but never beyond thirty days after its beginning, whoever renews it.
CREATE FUNCTION limit_session_lifetime() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW."expiresAt" := LEAST(NEW."expiresAt", NEW."createdAt" + interval '720 hours');
  RETURN NEW;
END
$$;

CREATE TRIGGER session_lifetime_is_limited BEFORE INSERT OR UPDATE ON "session"
  FOR EACH ROW EXECUTE FUNCTION limit_session_lifetime();

UPDATE "session" SET "expiresAt" = "expiresAt" WHERE "expiresAt" > "createdAt" + interval '720 hours';
