CREATE TABLE "switchboard"."review_changes" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"kind" text NOT NULL,
	"waiting" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "switchboard"."reviews" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"key" text NOT NULL,
	"kind" text NOT NULL,
	"ticket_id" text,
	"revision" integer,
	"feedback_id" bigint,
	"example_id" text,
	"team" text,
	"intent" text,
	"language" text,
	"rank" integer NOT NULL,
	"since" timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
	"why" text NOT NULL,
	"skipped_by" text[] DEFAULT '{}' NOT NULL,
	"holder" text,
	"held_until" timestamp with time zone,
	"done_at" timestamp with time zone,
	"verdict" text,
	"done_by" jsonb,
	"answer_id" bigint,
	CONSTRAINT "reviews_key" UNIQUE("key")
);
--> statement-breakpoint
ALTER TABLE "switchboard"."reviews" ADD CONSTRAINT "reviews_ticket_id_tickets_id_fk" FOREIGN KEY ("ticket_id") REFERENCES "switchboard"."tickets"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "reviews_ticket" ON "switchboard"."reviews" USING btree ("ticket_id");--> statement-breakpoint
CREATE INDEX "reviews_waiting" ON "switchboard"."reviews" USING btree ("kind","rank","since","id") WHERE "switchboard"."reviews"."done_at" is null;--> statement-breakpoint
CREATE INDEX "reviews_waiting_team" ON "switchboard"."reviews" USING btree ("kind","team","rank","since","id") WHERE "switchboard"."reviews"."done_at" is null;--> statement-breakpoint
CREATE INDEX "reviews_waiting_intent" ON "switchboard"."reviews" USING btree ("kind","intent","rank","since","id") WHERE "switchboard"."reviews"."done_at" is null;--> statement-breakpoint
CREATE INDEX "reviews_waiting_language" ON "switchboard"."reviews" USING btree ("kind","language","rank","since","id") WHERE "switchboard"."reviews"."done_at" is null;--> statement-breakpoint
CREATE INDEX "reviews_held" ON "switchboard"."reviews" USING btree ("holder") WHERE "switchboard"."reviews"."done_at" is null;--> statement-breakpoint
CREATE INDEX "reviews_done" ON "switchboard"."reviews" USING btree ("done_at") WHERE "switchboard"."reviews"."verdict" is not null;
--> statement-breakpoint
-- How many wait, by kind.
CREATE FUNCTION "switchboard"."count_reviews"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    INSERT INTO "switchboard"."review_changes" ("kind", "waiting")
      SELECT "kind", count(*) FROM "added" WHERE "done_at" IS NULL GROUP BY "kind";
  ELSIF TG_OP = 'DELETE' THEN
    INSERT INTO "switchboard"."review_changes" ("kind", "waiting")
      SELECT "kind", -count(*) FROM "gone" WHERE "done_at" IS NULL GROUP BY "kind";
  ELSE
    INSERT INTO "switchboard"."review_changes" ("kind", "waiting")
      SELECT "kind", sum("change") FROM (
        SELECT "kind", 1 AS "change" FROM "added" WHERE "done_at" IS NULL
        UNION ALL SELECT "kind", -1 FROM "gone" WHERE "done_at" IS NULL
      ) AS "changes" GROUP BY "kind" HAVING sum("change") <> 0;
  END IF;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER "reviews_counted_insert" AFTER INSERT ON "switchboard"."reviews"
  REFERENCING NEW TABLE AS "added" FOR EACH STATEMENT EXECUTE FUNCTION "switchboard"."count_reviews"();
--> statement-breakpoint
CREATE TRIGGER "reviews_counted_update" AFTER UPDATE ON "switchboard"."reviews"
  REFERENCING OLD TABLE AS "gone" NEW TABLE AS "added" FOR EACH STATEMENT EXECUTE FUNCTION "switchboard"."count_reviews"();
--> statement-breakpoint
CREATE TRIGGER "reviews_counted_delete" AFTER DELETE ON "switchboard"."reviews"
  REFERENCING OLD TABLE AS "gone" FOR EACH STATEMENT EXECUTE FUNCTION "switchboard"."count_reviews"();
--> statement-breakpoint
CREATE FUNCTION "switchboard"."review_rank"("urgency" text) RETURNS integer LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE "urgency" WHEN 'critical' THEN 0 WHEN 'high' THEN 1 WHEN 'low' THEN 3 ELSE 2 END
$$;
--> statement-breakpoint
-- Opens the item of feedback that waits, or opens it again.
CREATE FUNCTION "switchboard"."open_feedback_review"("of" "switchboard"."feedback") RETURNS void LANGUAGE sql AS $$
  INSERT INTO "switchboard"."reviews" AS r
    ("key", "kind", "ticket_id", "feedback_id", "team", "intent", "language", "rank", "since", "why")
  SELECT 'feedback:' || "of"."id",
    CASE WHEN "of"."feedback"->>'intent' IS NULL AND "of"."feedback"->>'outOfScope' IS NULL AND "of"."actor"->>'kind' = 'connector'
      THEN 'moved' ELSE 'correction' END,
    t."id", "of"."id", coalesce(a."team", "of"."feedback"->>'team'), coalesce("of"."feedback"->>'intent', c."intent"),
    coalesce(c."classification"->>'language', t."language"), "switchboard"."review_rank"(d."urgency"), t."received_at",
    coalesce("of"."why", 'it waits for a review')
  FROM "switchboard"."tickets" t
    LEFT JOIN "switchboard"."classifications" c ON c."ticket_id" = t."id" AND c."revision" = t."revision"
    LEFT JOIN "switchboard"."decisions" d ON d."ticket_id" = t."id" AND d."revision" = t."revision"
    LEFT JOIN "switchboard"."assignments" a ON a."ticket_id" = t."id"
  WHERE t."id" = "of"."ticket_id"
  ON CONFLICT ("key") DO UPDATE SET "done_at" = NULL, "verdict" = NULL, "done_by" = NULL, "answer_id" = NULL, "held_until" = NULL
    WHERE r."done_at" IS NOT NULL
$$;
--> statement-breakpoint
-- An intent answers what is asked about a ticket, and so does a move, which asks another question. What is taken back answers nothing.
CREATE FUNCTION "switchboard"."review_feedback"() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  says_intent boolean := NEW."feedback"->>'intent' IS NOT NULL OR NEW."feedback"->>'outOfScope' IS NOT NULL;
  asks boolean := NOT says_intent AND NEW."actor"->>'kind' = 'connector';
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF says_intent OR asks OR NEW."feedback"->>'team' IS NOT NULL THEN
      UPDATE "switchboard"."reviews" SET "done_at" = clock_timestamp(), "held_until" = NULL, "answer_id" = NEW."id"
        WHERE "ticket_id" = NEW."ticket_id" AND "done_at" IS NULL
          AND ("kind" IN ('abstained', 'unsure') OR ("kind" = 'moved' AND (says_intent OR asks)));
    END IF;
    IF NEW."state" = 'waiting' THEN PERFORM "switchboard"."open_feedback_review"(NEW); END IF;
    RETURN NULL;
  END IF;
  IF NEW."state" = OLD."state" THEN RETURN NULL; END IF;
  IF NEW."state" = 'waiting' THEN
    PERFORM "switchboard"."open_feedback_review"(NEW);
  ELSE
    UPDATE "switchboard"."reviews" SET "done_at" = clock_timestamp(), "held_until" = NULL
      WHERE "key" = 'feedback:' || NEW."id" AND "done_at" IS NULL;
  END IF;
  IF NEW."state" = 'undone' THEN
    UPDATE "switchboard"."reviews" r
      SET "done_at" = NULL, "verdict" = NULL, "done_by" = NULL, "answer_id" = NULL, "held_until" = NULL
      FROM "switchboard"."tickets" t, "switchboard"."feedback" a
      WHERE r."ticket_id" = NEW."ticket_id" AND r."done_at" IS NOT NULL AND a."id" = r."answer_id" AND a."state" = 'undone'
        AND t."id" = r."ticket_id" AND (r."revision" IS NULL OR r."revision" = t."revision")
        AND NOT EXISTS (
          SELECT FROM "switchboard"."feedback" f WHERE f."ticket_id" = NEW."ticket_id" AND f."id" <> NEW."id" AND f."state" <> 'undone'
            AND (f."feedback"->>'intent' IS NOT NULL OR f."feedback"->>'outOfScope' IS NOT NULL));
  END IF;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER "feedback_reviewed_insert" AFTER INSERT ON "switchboard"."feedback"
  FOR EACH ROW EXECUTE FUNCTION "switchboard"."review_feedback"();
--> statement-breakpoint
CREATE TRIGGER "feedback_reviewed_update" AFTER UPDATE OF "state" ON "switchboard"."feedback"
  FOR EACH ROW EXECUTE FUNCTION "switchboard"."review_feedback"();
--> statement-breakpoint
-- Opens the item of an example that waits, unless the feedback that it was made from waits too.
CREATE FUNCTION "switchboard"."open_example_review"("of" "switchboard"."examples") RETURNS void LANGUAGE sql AS $$
  INSERT INTO "switchboard"."reviews" AS r
    ("key", "kind", "ticket_id", "feedback_id", "example_id", "team", "intent", "language", "rank", "since", "why")
  SELECT 'example:' || "of"."id", 'example', t."id", "of"."feedback_id", "of"."id", a."team", nullif("of"."intent", ''),
    coalesce("of"."example"->>'language', c."classification"->>'language', t."language"), "switchboard"."review_rank"(d."urgency"),
    coalesce(t."received_at", "of"."updated_at"), coalesce("of"."why", 'it waits for a review')
  FROM (SELECT "of"."ticket_id") AS e
    LEFT JOIN "switchboard"."tickets" t ON t."id" = e."ticket_id"
    LEFT JOIN "switchboard"."classifications" c ON c."ticket_id" = t."id" AND c."revision" = t."revision"
    LEFT JOIN "switchboard"."decisions" d ON d."ticket_id" = t."id" AND d."revision" = t."revision"
    LEFT JOIN "switchboard"."assignments" a ON a."ticket_id" = t."id"
  WHERE NOT EXISTS (SELECT FROM "switchboard"."feedback" f WHERE f."id" = "of"."feedback_id" AND f."state" = 'waiting')
  ON CONFLICT ("key") DO UPDATE SET "done_at" = NULL, "verdict" = NULL, "done_by" = NULL, "answer_id" = NULL, "held_until" = NULL
    WHERE r."done_at" IS NOT NULL
$$;
--> statement-breakpoint
CREATE FUNCTION "switchboard"."review_example"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW."state" = 'waiting' THEN
    PERFORM "switchboard"."open_example_review"(NEW);
  ELSE
    UPDATE "switchboard"."reviews" SET "done_at" = clock_timestamp(), "held_until" = NULL
      WHERE "key" = 'example:' || NEW."id" AND "done_at" IS NULL;
  END IF;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER "examples_reviewed_insert" AFTER INSERT ON "switchboard"."examples"
  FOR EACH ROW WHEN (NEW."state" = 'waiting') EXECUTE FUNCTION "switchboard"."review_example"();
--> statement-breakpoint
CREATE TRIGGER "examples_reviewed_update" AFTER UPDATE ON "switchboard"."examples"
  FOR EACH ROW WHEN (OLD."state" = 'waiting' OR NEW."state" = 'waiting') EXECUTE FUNCTION "switchboard"."review_example"();
--> statement-breakpoint
-- The mark of a removed example is deleted after a while.
CREATE FUNCTION "switchboard"."forget_example_reviews"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM "switchboard"."reviews" r USING "gone" g WHERE r."key" = 'example:' || g."id" AND r."ticket_id" IS NULL;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER "examples_reviewed_delete" AFTER DELETE ON "switchboard"."examples"
  REFERENCING OLD TABLE AS "gone" FOR EACH STATEMENT EXECUTE FUNCTION "switchboard"."forget_example_reviews"();
--> statement-breakpoint
-- What was asked about an earlier revision is settled: the new one is decided, and asks for itself.
CREATE FUNCTION "switchboard"."close_earlier_reviews"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE "switchboard"."reviews" SET "done_at" = clock_timestamp(), "held_until" = NULL
    WHERE "ticket_id" = NEW."id" AND "done_at" IS NULL AND "revision" < NEW."revision";
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER "tickets_reviewed" AFTER UPDATE OF "revision" ON "switchboard"."tickets"
  FOR EACH ROW WHEN (OLD."revision" <> NEW."revision") EXECUTE FUNCTION "switchboard"."close_earlier_reviews"();
--> statement-breakpoint
CREATE FUNCTION "switchboard"."move_reviews"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE "switchboard"."reviews" SET "team" = NEW."team" WHERE "ticket_id" = NEW."ticket_id" AND "done_at" IS NULL;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER "assignments_reviewed" AFTER UPDATE OF "team" ON "switchboard"."assignments"
  FOR EACH ROW WHEN (OLD."team" <> NEW."team") EXECUTE FUNCTION "switchboard"."move_reviews"();
--> statement-breakpoint
-- What waits already: tickets of the last 30 days that nobody has looked at, without automatic mail and imported tickets.
INSERT INTO "switchboard"."reviews" ("key", "kind", "ticket_id", "revision", "team", "intent", "language", "rank", "since", "why")
SELECT 'decision:' || t."id" || ':' || t."revision", CASE WHEN c."abstained" THEN 'abstained' ELSE 'unsure' END,
  t."id", t."revision", coalesce(a."team", d."team"), c."intent", coalesce(c."classification"->>'language', t."language"),
  "switchboard"."review_rank"(d."urgency"), t."received_at",
  CASE WHEN c."abstained" THEN coalesce(c."classification"->>'abstainReason', 'the engine did not know') ELSE 'the engine was not sure' END
FROM "switchboard"."tickets" t
  JOIN "switchboard"."classifications" c ON c."ticket_id" = t."id" AND c."revision" = t."revision"
  JOIN "switchboard"."decisions" d ON d."ticket_id" = t."id" AND d."revision" = t."revision"
  LEFT JOIN "switchboard"."assignments" a ON a."ticket_id" = t."id"
WHERE t."received_at" > now() - interval '30 days' AND (c."abstained" OR c."confidence" < 0.6)
  AND c."stage" <> 'correction' AND coalesce(d."rule", '') NOT IN ('moved', 'stays')
  AND coalesce(c."classification"->>'reasoning', '') NOT LIKE 'No engine was asked.%'
  AND coalesce(t."ticket"->'source'->>'imported', '') <> 'true'
  AND NOT EXISTS (
    SELECT FROM "switchboard"."feedback" f WHERE f."ticket_id" = t."id" AND f."state" <> 'undone'
      AND (f."actor"->>'kind' = 'connector' OR f."feedback"->>'intent' IS NOT NULL OR f."feedback"->>'outOfScope' IS NOT NULL
        OR f."feedback"->>'team' IS NOT NULL));
--> statement-breakpoint
-- Of a ticket's moves the last one asks.
SELECT "switchboard"."open_feedback_review"(f) FROM "switchboard"."feedback" f
WHERE f."state" = 'waiting' AND (
  f."actor"->>'kind' <> 'connector' OR f."feedback"->>'intent' IS NOT NULL OR f."feedback"->>'outOfScope' IS NOT NULL
  OR NOT EXISTS (
    SELECT FROM "switchboard"."feedback" l WHERE l."ticket_id" = f."ticket_id" AND l."id" > f."id" AND l."state" <> 'undone'
      AND (l."actor"->>'kind' = 'connector' OR l."feedback"->>'intent' IS NOT NULL OR l."feedback"->>'outOfScope' IS NOT NULL)));
--> statement-breakpoint
SELECT "switchboard"."open_example_review"(e) FROM "switchboard"."examples" e WHERE e."state" = 'waiting';
