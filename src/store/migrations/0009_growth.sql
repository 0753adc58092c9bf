CREATE TABLE "switchboard"."example_counts" (
	"source" text NOT NULL,
	"intent" text NOT NULL,
	"examples" bigint NOT NULL,
	CONSTRAINT "example_counts_source_intent_pk" PRIMARY KEY("source","intent")
);
--> statement-breakpoint
DROP INDEX "switchboard"."assignments_team";--> statement-breakpoint
ALTER TABLE "switchboard"."assignments" ADD COLUMN "position" bigint;--> statement-breakpoint
CREATE INDEX "assignments_team_position" ON "switchboard"."assignments" USING btree ("team","position" DESC NULLS FIRST);--> statement-breakpoint
-- Programs that do not know the column insert assignments without it.
CREATE FUNCTION "switchboard"."set_assignment_position"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW."position" := (SELECT t."position" FROM "switchboard"."tickets" t WHERE t."id" = NEW."ticket_id");
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER "assignments_position" BEFORE INSERT ON "switchboard"."assignments"
  FOR EACH ROW EXECUTE FUNCTION "switchboard"."set_assignment_position"();
--> statement-breakpoint
UPDATE "switchboard"."assignments" a SET "position" = t."position" FROM "switchboard"."tickets" t WHERE t."id" = a."ticket_id";
--> statement-breakpoint
-- Rows are taken in one order, so that two transactions wait for each other and do not deadlock.
CREATE FUNCTION "switchboard"."count_examples"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    INSERT INTO "switchboard"."example_counts" AS c ("source", "intent", "examples")
      SELECT "source", "intent", count(*) FROM "added" WHERE "state" = 'active'
      GROUP BY "source", "intent" ORDER BY "source", "intent"
      ON CONFLICT ("source", "intent") DO UPDATE SET "examples" = c."examples" + excluded."examples";
  ELSIF TG_OP = 'DELETE' THEN
    INSERT INTO "switchboard"."example_counts" AS c ("source", "intent", "examples")
      SELECT "source", "intent", -count(*) FROM "gone" WHERE "state" = 'active'
      GROUP BY "source", "intent" ORDER BY "source", "intent"
      ON CONFLICT ("source", "intent") DO UPDATE SET "examples" = c."examples" + excluded."examples";
  ELSE
    INSERT INTO "switchboard"."example_counts" AS c ("source", "intent", "examples")
      SELECT "source", "intent", sum("change") FROM (
        SELECT "source", "intent", 1 AS "change" FROM "added" WHERE "state" = 'active'
        UNION ALL SELECT "source", "intent", -1 FROM "gone" WHERE "state" = 'active'
      ) AS "changes"
      GROUP BY "source", "intent" HAVING sum("change") <> 0 ORDER BY "source", "intent"
      ON CONFLICT ("source", "intent") DO UPDATE SET "examples" = c."examples" + excluded."examples";
  END IF;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER "examples_counted_insert" AFTER INSERT ON "switchboard"."examples"
  REFERENCING NEW TABLE AS "added" FOR EACH STATEMENT EXECUTE FUNCTION "switchboard"."count_examples"();
--> statement-breakpoint
CREATE TRIGGER "examples_counted_update" AFTER UPDATE ON "switchboard"."examples"
  REFERENCING OLD TABLE AS "gone" NEW TABLE AS "added" FOR EACH STATEMENT EXECUTE FUNCTION "switchboard"."count_examples"();
--> statement-breakpoint
CREATE TRIGGER "examples_counted_delete" AFTER DELETE ON "switchboard"."examples"
  REFERENCING OLD TABLE AS "gone" FOR EACH STATEMENT EXECUTE FUNCTION "switchboard"."count_examples"();
--> statement-breakpoint
INSERT INTO "switchboard"."example_counts" ("source", "intent", "examples")
  SELECT "source", "intent", count(*) FROM "switchboard"."examples" WHERE "state" = 'active' GROUP BY "source", "intent";
