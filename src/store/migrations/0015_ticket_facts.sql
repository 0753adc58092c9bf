CREATE TABLE "switchboard"."ticket_facts" (
	"position" bigint PRIMARY KEY NOT NULL,
	"received_at" timestamp with time zone NOT NULL,
	"hour" integer NOT NULL,
	"decision_ms" integer,
	"confidence" double precision,
	"cost_usd" double precision,
	"abstained" boolean,
	"corrected" boolean DEFAULT false NOT NULL,
	"state" text NOT NULL,
	"connector" text NOT NULL,
	"stage" text,
	"language" text,
	"mode" text,
	"priority" text,
	"urgency" text,
	"team" text,
	"assignee" text,
	"rule" text,
	"intent" text
);
--> statement-breakpoint
CREATE TABLE "switchboard"."ticket_words" (
	"position" bigint PRIMARY KEY NOT NULL,
	"revision" integer NOT NULL,
	"words" "tsvector"
);
--> statement-breakpoint
CREATE INDEX "ticket_facts_received_at" ON "switchboard"."ticket_facts" USING btree ("received_at");--> statement-breakpoint
CREATE INDEX "ticket_words_due" ON "switchboard"."ticket_words" USING btree ("position" DESC NULLS FIRST) WHERE "switchboard"."ticket_words"."words" is null;--> statement-breakpoint
CREATE INDEX "ticket_words_words" ON "switchboard"."ticket_words" USING gin ("words") WITH (fastupdate=true,gin_pending_list_limit=4096) WHERE "switchboard"."ticket_words"."words" is not null;--> statement-breakpoint
CREATE INDEX "classifications_language_position" ON "switchboard"."classifications" USING btree (("classification"->>'language'),"position" DESC NULLS FIRST);
--> statement-breakpoint
-- A decision updates the row of its ticket, in the same page where there is room.
ALTER TABLE "switchboard"."ticket_facts" SET (fillfactor = 80);
--> statement-breakpoint
-- Positions of tickets with the words of a search, by the index: the planner takes words for more frequent than they are, and
-- would read the words of every ticket.
CREATE FUNCTION "switchboard"."find_words"("search" tsquery) RETURNS SETOF bigint LANGUAGE plpgsql STABLE
  SET enable_seqscan = off SET enable_indexscan = off AS $$
BEGIN
  RETURN QUERY SELECT w."position" FROM "switchboard"."ticket_words" w WHERE w."words" @@ "search";
END $$;
--> statement-breakpoint
-- The facts of each ticket. The team is that of the decision where there is no assignment yet, which is written after it.
CREATE VIEW "switchboard"."described_tickets" AS
  SELECT t."position", t."received_at", floor(extract(epoch FROM t."received_at") / 3600)::integer AS "hour",
    CASE WHEN t."revision" = 1 AND t."ticket"->'source'->>'imported' IS DISTINCT FROM 'true'
      THEN least(2000000000, greatest(0, extract(epoch FROM d."decided_at" - t."received_at") * 1000))::integer
      END AS "decision_ms",
    c."confidence",
    (SELECT sum((e."classification"->>'costUsd')::float8) FROM "switchboard"."classifications" e
      WHERE e."ticket_id" = t."id") AS "cost_usd",
    c."abstained",
    EXISTS (
      SELECT FROM "switchboard"."feedback" b
      JOIN "switchboard"."classifications" e ON e."ticket_id" = b."ticket_id" AND e."revision" = b."revision"
      WHERE b."ticket_id" = t."id" AND b."state" <> 'undone'
        AND (b."feedback"->>'intent' <> coalesce(e."intent", '')
          OR b."feedback"->>'outOfScope' = 'true' AND NOT e."abstained")) AS "corrected",
    t."state", t."connector", c."stage", c."classification"->>'language' AS "language", d."mode", d."priority", d."urgency",
    CASE WHEN a."ticket_id" IS NULL THEN d."team" ELSE a."team" END AS "team",
    CASE WHEN a."ticket_id" IS NULL THEN d."decision"->>'assignee' ELSE a."assignee" END AS "assignee",
    d."rule", c."intent"
  FROM "switchboard"."tickets" t
  LEFT JOIN "switchboard"."classifications" c ON c."ticket_id" = t."id" AND c."revision" = t."revision"
  LEFT JOIN "switchboard"."decisions" d ON d."ticket_id" = t."id" AND d."revision" = t."revision"
  LEFT JOIN "switchboard"."assignments" a ON a."ticket_id" = t."id";
--> statement-breakpoint
-- Rows are looked up one by one: a plan that was made while a table was small would read all of it later. It is made once:
-- for each call it would take longer than the call.
CREATE FUNCTION "switchboard"."describe_tickets"("wanted" bigint[]) RETURNS void LANGUAGE plpgsql
  SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET plan_cache_mode = force_generic_plan AS $$
BEGIN
  UPDATE "switchboard"."ticket_facts" f SET
    "state" = n."state", "decision_ms" = n."decision_ms", "confidence" = n."confidence", "cost_usd" = n."cost_usd",
    "abstained" = n."abstained", "corrected" = n."corrected", "stage" = n."stage", "language" = n."language",
    "mode" = n."mode", "priority" = n."priority", "urgency" = n."urgency", "team" = n."team",
    "assignee" = n."assignee", "rule" = n."rule", "intent" = n."intent"
  FROM "switchboard"."described_tickets" n
  WHERE n."position" = ANY("wanted") AND f."position" = n."position";
END $$;
--> statement-breakpoint
CREATE FUNCTION "switchboard"."keep_ticket_rows"() RETURNS trigger LANGUAGE plpgsql
  SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET plan_cache_mode = force_generic_plan AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    INSERT INTO "switchboard"."ticket_facts" ("position", "received_at", "hour", "state", "connector")
      SELECT "position", "received_at", floor(extract(epoch FROM "received_at") / 3600), "state", "connector" FROM "added";
    INSERT INTO "switchboard"."ticket_words" ("position", "revision") SELECT "position", "revision" FROM "added";
  ELSIF TG_OP = 'DELETE' THEN
    DELETE FROM "switchboard"."ticket_facts" WHERE "position" = ANY(ARRAY(SELECT "position" FROM "gone"));
    DELETE FROM "switchboard"."ticket_words" WHERE "position" = ANY(ARRAY(SELECT "position" FROM "gone"));
  ELSE
    PERFORM "switchboard"."describe_tickets"(ARRAY(SELECT "position" FROM "added"));
    IF EXISTS (SELECT FROM "added" WHERE "state" = 'received') THEN
      UPDATE "switchboard"."ticket_words" w SET "words" = NULL, "revision" = n."revision"
        FROM "added" n WHERE w."position" = n."position" AND w."revision" <> n."revision";
    END IF;
  END IF;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER "tickets_rows_insert" AFTER INSERT ON "switchboard"."tickets"
  REFERENCING NEW TABLE AS "added" FOR EACH STATEMENT EXECUTE FUNCTION "switchboard"."keep_ticket_rows"();
--> statement-breakpoint
CREATE TRIGGER "tickets_rows_update" AFTER UPDATE ON "switchboard"."tickets"
  REFERENCING NEW TABLE AS "added" FOR EACH STATEMENT EXECUTE FUNCTION "switchboard"."keep_ticket_rows"();
--> statement-breakpoint
CREATE TRIGGER "tickets_rows_delete" AFTER DELETE ON "switchboard"."tickets"
  REFERENCING OLD TABLE AS "gone" FOR EACH STATEMENT EXECUTE FUNCTION "switchboard"."keep_ticket_rows"();
--> statement-breakpoint
-- After a decision the team is already there, and nothing is written.
CREATE FUNCTION "switchboard"."keep_ticket_team"() RETURNS trigger LANGUAGE plpgsql
  SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET plan_cache_mode = force_generic_plan AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    UPDATE "switchboard"."ticket_facts" f SET "team" = NULL, "assignee" = NULL FROM "gone" a WHERE f."position" = a."position";
  ELSE
    UPDATE "switchboard"."ticket_facts" f SET "team" = a."team", "assignee" = a."assignee" FROM "added" a
      WHERE f."position" = a."position" AND (f."team" IS DISTINCT FROM a."team" OR f."assignee" IS DISTINCT FROM a."assignee");
  END IF;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER "assignments_team_insert" AFTER INSERT ON "switchboard"."assignments"
  REFERENCING NEW TABLE AS "added" FOR EACH STATEMENT EXECUTE FUNCTION "switchboard"."keep_ticket_team"();
--> statement-breakpoint
CREATE TRIGGER "assignments_team_update" AFTER UPDATE ON "switchboard"."assignments"
  REFERENCING NEW TABLE AS "added" FOR EACH STATEMENT EXECUTE FUNCTION "switchboard"."keep_ticket_team"();
--> statement-breakpoint
CREATE TRIGGER "assignments_team_delete" AFTER DELETE ON "switchboard"."assignments"
  REFERENCING OLD TABLE AS "gone" FOR EACH STATEMENT EXECUTE FUNCTION "switchboard"."keep_ticket_team"();
--> statement-breakpoint
CREATE FUNCTION "switchboard"."keep_ticket_corrected"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM "switchboard"."describe_tickets"(ARRAY(
    SELECT t."position" FROM "switchboard"."tickets" t WHERE t."id" = NEW."ticket_id"));
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER "feedback_corrected" AFTER INSERT OR UPDATE ON "switchboard"."feedback"
  FOR EACH ROW EXECUTE FUNCTION "switchboard"."keep_ticket_corrected"();
--> statement-breakpoint
INSERT INTO "switchboard"."ticket_facts" ("position", "received_at", "hour", "decision_ms", "confidence", "cost_usd", "abstained",
    "corrected", "state", "connector", "stage", "language", "mode", "priority", "urgency", "team", "assignee", "rule", "intent")
  SELECT "position", "received_at", "hour", "decision_ms", "confidence", "cost_usd", "abstained",
    "corrected", "state", "connector", "stage", "language", "mode", "priority", "urgency", "team", "assignee", "rule", "intent"
  FROM "switchboard"."described_tickets";
--> statement-breakpoint
INSERT INTO "switchboard"."ticket_words" ("position", "revision") SELECT "position", "revision" FROM "switchboard"."tickets";
