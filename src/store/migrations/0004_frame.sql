CREATE TABLE "switchboard"."assignments" (
	"ticket_id" text PRIMARY KEY NOT NULL,
	"team" text NOT NULL,
	"assignee" text,
	"actor" jsonb NOT NULL,
	"at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
	"cause" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "switchboard"."breakers" (
	"name" text PRIMARY KEY NOT NULL,
	"open_until" timestamp with time zone,
	"why" text NOT NULL,
	"updated_at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "switchboard"."calibrations" (
	"engine" text NOT NULL,
	"taxonomy" text NOT NULL,
	"version" text NOT NULL,
	"calibration" jsonb NOT NULL,
	"actor" jsonb NOT NULL,
	"applied_at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
	CONSTRAINT "calibrations_engine_taxonomy_pk" PRIMARY KEY("engine","taxonomy")
);
--> statement-breakpoint
CREATE TABLE "switchboard"."counters" (
	"name" text NOT NULL,
	"labels" text NOT NULL,
	"value" double precision NOT NULL,
	CONSTRAINT "counters_name_labels_pk" PRIMARY KEY("name","labels")
);
--> statement-breakpoint
CREATE TABLE "switchboard"."models" (
	"key" text PRIMARY KEY NOT NULL,
	"bytes" "bytea" NOT NULL,
	"created_at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "switchboard"."processes" (
	"id" text PRIMARY KEY NOT NULL,
	"kind" text NOT NULL,
	"started_at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
	"seen_at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "switchboard"."releases" (
	"id" text PRIMARY KEY NOT NULL,
	"content" jsonb NOT NULL,
	"created_at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "switchboard"."sessions" (
	"hash" text PRIMARY KEY NOT NULL,
	"actor" jsonb NOT NULL,
	"token_fingerprint" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
	"expires_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "switchboard"."spend" (
	"day" date NOT NULL,
	"purpose" text NOT NULL,
	"model" text NOT NULL,
	"calls" integer NOT NULL,
	"usd" double precision NOT NULL,
	CONSTRAINT "spend_day_purpose_model_pk" PRIMARY KEY("day","purpose","model")
);
--> statement-breakpoint
ALTER TABLE "switchboard"."classifications" ADD COLUMN "confidence" double precision GENERATED ALWAYS AS ((classification->>'confidence')::float8) STORED;--> statement-breakpoint
ALTER TABLE "switchboard"."classifications" ADD COLUMN "stage" text GENERATED ALWAYS AS (classification->>'stage') STORED;--> statement-breakpoint
ALTER TABLE "switchboard"."decisions" ADD COLUMN "priority" text GENERATED ALWAYS AS (decision->>'priority') STORED;--> statement-breakpoint
ALTER TABLE "switchboard"."decisions" ADD COLUMN "urgency" text GENERATED ALWAYS AS (decision->>'urgency') STORED;--> statement-breakpoint
ALTER TABLE "switchboard"."decisions" ADD COLUMN "rule" text GENERATED ALWAYS AS (decision->>'rule') STORED;--> statement-breakpoint
ALTER TABLE "switchboard"."decisions" ADD COLUMN "mode" text GENERATED ALWAYS AS (decision->>'mode') STORED;--> statement-breakpoint
ALTER TABLE "switchboard"."decisions" ADD COLUMN "release" text GENERATED ALWAYS AS (decision->>'release') STORED;--> statement-breakpoint
ALTER TABLE "switchboard"."examples" ADD COLUMN "state" text DEFAULT 'active' NOT NULL;--> statement-breakpoint
ALTER TABLE "switchboard"."examples" ADD COLUMN "why" text;--> statement-breakpoint
ALTER TABLE "switchboard"."examples" ADD COLUMN "actor" jsonb;--> statement-breakpoint
ALTER TABLE "switchboard"."examples" ADD COLUMN "ticket_id" text;--> statement-breakpoint
ALTER TABLE "switchboard"."feedback" ADD COLUMN "actor" jsonb DEFAULT '{"kind":"system","id":"switchboard"}'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "switchboard"."feedback" ADD COLUMN "state" text DEFAULT 'applied' NOT NULL;--> statement-breakpoint
ALTER TABLE "switchboard"."feedback" ADD COLUMN "why" text;--> statement-breakpoint
ALTER TABLE "switchboard"."feedback" ADD COLUMN "undone_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "switchboard"."feedback" ADD COLUMN "undone_by" jsonb;--> statement-breakpoint
ALTER TABLE "switchboard"."history" ADD COLUMN "actor" jsonb DEFAULT '{"kind":"system","id":"switchboard"}'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "switchboard"."history" ADD COLUMN "facts" jsonb DEFAULT '{}'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "switchboard"."tickets" ADD COLUMN "subject" text GENERATED ALWAYS AS (left(ticket->>'subject', 200)) STORED;--> statement-breakpoint
ALTER TABLE "switchboard"."tickets" ADD COLUMN "channel" text GENERATED ALWAYS AS (ticket->>'channel') STORED;--> statement-breakpoint
ALTER TABLE "switchboard"."tickets" ADD COLUMN "language" text GENERATED ALWAYS AS (ticket->>'language') STORED;--> statement-breakpoint
ALTER TABLE "switchboard"."tickets" ADD COLUMN "url" text GENERATED ALWAYS AS (ticket->'source'->>'url') STORED;--> statement-breakpoint
ALTER TABLE "switchboard"."tickets" ADD COLUMN "requester_name" text GENERATED ALWAYS AS (ticket->'requester'->>'name') STORED;--> statement-breakpoint
ALTER TABLE "switchboard"."tickets" ADD COLUMN "requester_email" text GENERATED ALWAYS AS (lower(ticket->'requester'->>'email')) STORED;--> statement-breakpoint
ALTER TABLE "switchboard"."tickets" ADD COLUMN "requester_tier" text GENERATED ALWAYS AS (ticket->'requester'->>'tier') STORED;--> statement-breakpoint
ALTER TABLE "switchboard"."tickets" ADD COLUMN "tags" jsonb GENERATED ALWAYS AS (ticket->'tags') STORED;--> statement-breakpoint
ALTER TABLE "switchboard"."assignments" ADD CONSTRAINT "assignments_ticket_id_tickets_id_fk" FOREIGN KEY ("ticket_id") REFERENCES "switchboard"."tickets"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "assignments_team" ON "switchboard"."assignments" USING btree ("team");--> statement-breakpoint
CREATE INDEX "examples_ticket" ON "switchboard"."examples" USING btree ("ticket_id");--> statement-breakpoint
CREATE INDEX "tickets_requester_email" ON "switchboard"."tickets" USING btree ("requester_email");--> statement-breakpoint
CREATE INDEX "tickets_received_at" ON "switchboard"."tickets" USING btree ("received_at");--> statement-breakpoint
-- What was stored before there were actors came through the API.
UPDATE "switchboard"."history" SET "actor" = '{"kind":"token","id":"api"}' WHERE "event" = 'feedback';--> statement-breakpoint
UPDATE "switchboard"."feedback" SET "actor" = '{"kind":"token","id":"api"}';--> statement-breakpoint
UPDATE "switchboard"."examples" SET "actor" = '{"kind":"token","id":"api"}' WHERE "source" <> 'file';--> statement-breakpoint
-- Redaction needs to know who wrote an example: corrected tickets had lost it.
UPDATE "switchboard"."examples" e
SET "ticket_id" = t."id",
    "example" = e."example" || jsonb_strip_nulls(jsonb_build_object('requester', jsonb_strip_nulls(jsonb_build_object(
      'name', t."ticket"->'requester'->'name', 'email', t."ticket"->'requester'->'email'))))
FROM "switchboard"."tickets" t
WHERE e."source" = 'feedback' AND e."id" = 'feedback:' || t."id";--> statement-breakpoint
-- Where each ticket is: where it was decided to go, then where a person said that it belongs.
INSERT INTO "switchboard"."assignments" ("ticket_id", "team", "assignee", "actor", "at", "cause")
SELECT t."id", d."team", d."decision"->>'assignee', '{"kind":"system","id":"switchboard"}', d."decided_at", 'decision'
FROM "switchboard"."tickets" t
JOIN "switchboard"."decisions" d ON d."ticket_id" = t."id" AND d."revision" = t."revision";--> statement-breakpoint
INSERT INTO "switchboard"."assignments" ("ticket_id", "team", "assignee", "actor", "at", "cause")
SELECT DISTINCT ON (f."ticket_id") f."ticket_id", f."feedback"->>'team', NULL, f."actor", f."at", 'feedback'
FROM "switchboard"."feedback" f
WHERE f."feedback"->>'team' IS NOT NULL
ORDER BY f."ticket_id", f."id" DESC
ON CONFLICT ("ticket_id") DO UPDATE
SET "team" = excluded."team", "assignee" = NULL, "actor" = excluded."actor", "at" = excluded."at", "cause" = excluded."cause";--> statement-breakpoint
INSERT INTO "switchboard"."counters" ("name", "labels", "value")
SELECT 'tickets', '{}', count(*) FROM "switchboard"."tickets";--> statement-breakpoint
INSERT INTO "switchboard"."counters" ("name", "labels", "value")
SELECT 'events', '{"event":"' || "event" || '"}', count(*) FROM "switchboard"."history" GROUP BY "event";
