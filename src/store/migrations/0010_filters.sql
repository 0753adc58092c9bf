CREATE TABLE "switchboard"."example_text_changes" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"texts" integer NOT NULL,
	"words" bigint NOT NULL,
	"hash" bigint NOT NULL
);
--> statement-breakpoint
DROP INDEX "switchboard"."classifications_intent";
--> statement-breakpoint
DROP INDEX "switchboard"."decisions_team";
--> statement-breakpoint
ALTER TABLE "switchboard"."classifications" ADD COLUMN "position" bigint;
--> statement-breakpoint
ALTER TABLE "switchboard"."decisions" ADD COLUMN "position" bigint;
--> statement-breakpoint
-- Programs that do not know the column insert rows without it.
CREATE FUNCTION "switchboard"."set_ticket_position"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW."position" := (SELECT t."position" FROM "switchboard"."tickets" t WHERE t."id" = NEW."ticket_id");
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER "classifications_position" BEFORE INSERT ON "switchboard"."classifications"
  FOR EACH ROW EXECUTE FUNCTION "switchboard"."set_ticket_position"();
--> statement-breakpoint
CREATE TRIGGER "decisions_position" BEFORE INSERT ON "switchboard"."decisions"
  FOR EACH ROW EXECUTE FUNCTION "switchboard"."set_ticket_position"();
--> statement-breakpoint
UPDATE "switchboard"."classifications" r SET "position" = t."position" FROM "switchboard"."tickets" t WHERE t."id" = r."ticket_id";
--> statement-breakpoint
UPDATE "switchboard"."decisions" r SET "position" = t."position" FROM "switchboard"."tickets" t WHERE t."id" = r."ticket_id";
--> statement-breakpoint
CREATE INDEX "assignments_assignee_position" ON "switchboard"."assignments" USING btree ("assignee","position" DESC NULLS FIRST) WHERE "switchboard"."assignments"."assignee" is not null;
--> statement-breakpoint
CREATE INDEX "classifications_intent_position" ON "switchboard"."classifications" USING btree ("intent","position" DESC NULLS FIRST);
--> statement-breakpoint
CREATE INDEX "classifications_stage_position" ON "switchboard"."classifications" USING btree ("stage","position" DESC NULLS FIRST);
--> statement-breakpoint
CREATE INDEX "classifications_abstained" ON "switchboard"."classifications" USING btree ("position" DESC NULLS FIRST) WHERE "switchboard"."classifications"."abstained";
--> statement-breakpoint
CREATE INDEX "classifications_confidence" ON "switchboard"."classifications" USING btree ("confidence");
--> statement-breakpoint
CREATE INDEX "decisions_priority_position" ON "switchboard"."decisions" USING btree ("priority","position" DESC NULLS FIRST);
--> statement-breakpoint
CREATE INDEX "decisions_urgency_position" ON "switchboard"."decisions" USING btree ("urgency","position" DESC NULLS FIRST);
--> statement-breakpoint
CREATE INDEX "decisions_rule_position" ON "switchboard"."decisions" USING btree ("rule","position" DESC NULLS FIRST);
--> statement-breakpoint
CREATE INDEX "decisions_mode_position" ON "switchboard"."decisions" USING btree ("mode","position" DESC NULLS FIRST);
--> statement-breakpoint
CREATE INDEX "examples_source" ON "switchboard"."examples" USING btree ("source","id");
--> statement-breakpoint
CREATE INDEX "examples_waiting" ON "switchboard"."examples" USING btree ("id") WHERE "switchboard"."examples"."state" = 'waiting';
--> statement-breakpoint
CREATE INDEX "examples_removed" ON "switchboard"."examples" USING btree ("updated_at") WHERE "switchboard"."examples"."state" = 'removed';
--> statement-breakpoint
CREATE INDEX "examples_requester" ON "switchboard"."examples" USING btree (lower("example"->'requester'->>'email')) WHERE "switchboard"."examples"."example"->'requester'->>'email' is not null;
--> statement-breakpoint
CREATE FUNCTION "switchboard"."add_up_example_texts"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'TRUNCATE' THEN
    DELETE FROM "switchboard"."example_text_changes";
  ELSIF TG_OP = 'INSERT' THEN
    INSERT INTO "switchboard"."example_text_changes" ("texts", "words", "hash")
      SELECT count(*), sum("word_count"), bit_xor(('x' || left("content_hash", 16))::bit(64)::bigint) FROM "added" HAVING count(*) > 0;
  ELSIF TG_OP = 'DELETE' THEN
    INSERT INTO "switchboard"."example_text_changes" ("texts", "words", "hash")
      SELECT -count(*), -sum("word_count"), bit_xor(('x' || left("content_hash", 16))::bit(64)::bigint) FROM "gone" HAVING count(*) > 0;
  ELSE
    INSERT INTO "switchboard"."example_text_changes" ("texts", "words", "hash")
      SELECT sum("sign"), sum("sign" * "word_count"), bit_xor(('x' || left("content_hash", 16))::bit(64)::bigint) FROM (
        SELECT 1 AS "sign", "word_count", "content_hash" FROM "added"
        UNION ALL SELECT -1, "word_count", "content_hash" FROM "gone"
      ) AS "changes" HAVING count(*) > 0;
  END IF;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER "example_texts_truncate" AFTER TRUNCATE ON "switchboard"."example_texts"
  FOR EACH STATEMENT EXECUTE FUNCTION "switchboard"."add_up_example_texts"();
--> statement-breakpoint
CREATE TRIGGER "example_texts_insert" AFTER INSERT ON "switchboard"."example_texts"
  REFERENCING NEW TABLE AS "added" FOR EACH STATEMENT EXECUTE FUNCTION "switchboard"."add_up_example_texts"();
--> statement-breakpoint
CREATE TRIGGER "example_texts_update" AFTER UPDATE ON "switchboard"."example_texts"
  REFERENCING OLD TABLE AS "gone" NEW TABLE AS "added" FOR EACH STATEMENT EXECUTE FUNCTION "switchboard"."add_up_example_texts"();
--> statement-breakpoint
CREATE TRIGGER "example_texts_delete" AFTER DELETE ON "switchboard"."example_texts"
  REFERENCING OLD TABLE AS "gone" FOR EACH STATEMENT EXECUTE FUNCTION "switchboard"."add_up_example_texts"();
--> statement-breakpoint
INSERT INTO "switchboard"."example_text_changes" ("texts", "words", "hash")
  SELECT count(*), sum("word_count"), bit_xor(('x' || left("content_hash", 16))::bit(64)::bigint) FROM "switchboard"."example_texts" HAVING count(*) > 0;
