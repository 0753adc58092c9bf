DROP INDEX "switchboard"."classifications_intent_position";--> statement-breakpoint
ALTER TABLE "switchboard"."classifications" ADD COLUMN "said_intent" text;--> statement-breakpoint
ALTER TABLE "switchboard"."ticket_facts" ADD COLUMN "corrected_from" text;--> statement-breakpoint
ALTER TABLE "switchboard"."tickets" ADD COLUMN "opening" text;
--> statement-breakpoint
-- What people said last of a ticket, on whichever revision; the empty text where no intent fits.
CREATE FUNCTION "switchboard"."said_intent"("of" text) RETURNS text LANGUAGE plpgsql STABLE SET enable_seqscan = off AS $$
BEGIN
  RETURN (SELECT (array_agg(coalesce(f."feedback"->>'intent', '') ORDER BY f."id" DESC))[1] FROM "switchboard"."feedback" f
    WHERE f."ticket_id" = "of" AND f."state" <> 'undone'
      AND (f."feedback"->>'intent' IS NOT NULL OR f."feedback"->>'outOfScope' = 'true'));
END $$;
--> statement-breakpoint
-- Feedback may come before its ticket is decided, or before a later revision is.
CREATE FUNCTION "switchboard"."set_classification_columns"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW."position" := (SELECT t."position" FROM "switchboard"."tickets" t WHERE t."id" = NEW."ticket_id");
  NEW."said_intent" := "switchboard"."said_intent"(NEW."ticket_id");
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE OR REPLACE TRIGGER "classifications_position" BEFORE INSERT ON "switchboard"."classifications"
  FOR EACH ROW EXECUTE FUNCTION "switchboard"."set_classification_columns"();
--> statement-breakpoint
CREATE OR REPLACE VIEW "switchboard"."described_tickets" AS
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
    d."rule", nullif(coalesce(c."said_intent", c."intent"), '') AS "intent",
    CASE WHEN c."said_intent" <> c."intent" AND (c."said_intent" <> '' OR NOT c."abstained") THEN c."intent" END AS "corrected_from"
  FROM "switchboard"."tickets" t
  LEFT JOIN "switchboard"."classifications" c ON c."ticket_id" = t."id" AND c."revision" = t."revision"
  LEFT JOIN "switchboard"."decisions" d ON d."ticket_id" = t."id" AND d."revision" = t."revision"
  LEFT JOIN "switchboard"."assignments" a ON a."ticket_id" = t."id";
--> statement-breakpoint
CREATE OR REPLACE FUNCTION "switchboard"."describe_tickets"("wanted" bigint[]) RETURNS void LANGUAGE plpgsql
  SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET plan_cache_mode = force_generic_plan AS $$
BEGIN
  UPDATE "switchboard"."ticket_facts" f SET
    "state" = n."state", "decision_ms" = n."decision_ms", "confidence" = n."confidence", "cost_usd" = n."cost_usd",
    "abstained" = n."abstained", "corrected" = n."corrected", "stage" = n."stage", "language" = n."language",
    "mode" = n."mode", "priority" = n."priority", "urgency" = n."urgency", "team" = n."team",
    "assignee" = n."assignee", "rule" = n."rule", "intent" = n."intent", "corrected_from" = n."corrected_from"
  FROM "switchboard"."described_tickets" n
  WHERE n."position" = ANY("wanted") AND f."position" = n."position";
END $$;
--> statement-breakpoint
CREATE OR REPLACE FUNCTION "switchboard"."keep_ticket_corrected"() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  said text := "switchboard"."said_intent"(NEW."ticket_id");
BEGIN
  UPDATE "switchboard"."classifications" c SET "said_intent" = said
    WHERE c."ticket_id" = NEW."ticket_id" AND c."said_intent" IS DISTINCT FROM said;
  PERFORM "switchboard"."describe_tickets"(ARRAY(
    SELECT t."position" FROM "switchboard"."tickets" t WHERE t."id" = NEW."ticket_id"));
  RETURN NULL;
END $$;
--> statement-breakpoint
UPDATE "switchboard"."classifications" c SET "said_intent" = s."said"
  FROM (SELECT "ticket_id", "switchboard"."said_intent"("ticket_id") AS "said"
    FROM (SELECT DISTINCT "ticket_id" FROM "switchboard"."feedback") f) s
  WHERE c."ticket_id" = s."ticket_id" AND s."said" IS NOT NULL;
--> statement-breakpoint
SELECT "switchboard"."describe_tickets"(ARRAY(
  SELECT t."position" FROM "switchboard"."tickets" t
  WHERE EXISTS (SELECT FROM "switchboard"."classifications" c WHERE c."ticket_id" = t."id" AND c."said_intent" IS NOT NULL)));
--> statement-breakpoint
CREATE INDEX "classifications_present_intent_position" ON "switchboard"."classifications" USING btree (coalesce("said_intent", "intent"),"position" DESC NULLS FIRST);--> statement-breakpoint
CREATE INDEX "classifications_said_intent" ON "switchboard"."classifications" USING btree ("intent","position" DESC NULLS FIRST) WHERE "switchboard"."classifications"."said_intent" is not null;
