CREATE SCHEMA IF NOT EXISTS "switchboard";
--> statement-breakpoint
CREATE TABLE "switchboard"."classifications" (
	"ticket_id" text NOT NULL,
	"revision" integer NOT NULL,
	"intent" text,
	"abstained" boolean NOT NULL,
	"classification" jsonb NOT NULL,
	"created_at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
	CONSTRAINT "classifications_ticket_id_revision_pk" PRIMARY KEY("ticket_id","revision")
);
--> statement-breakpoint
CREATE TABLE "switchboard"."decisions" (
	"id" text PRIMARY KEY NOT NULL,
	"ticket_id" text NOT NULL,
	"revision" integer NOT NULL,
	"team" text NOT NULL,
	"decision" jsonb NOT NULL,
	"decided_at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
	CONSTRAINT "decisions_ticket_revision" UNIQUE("ticket_id","revision")
);
--> statement-breakpoint
CREATE TABLE "switchboard"."deliveries" (
	"decision_id" text PRIMARY KEY NOT NULL,
	"state" text NOT NULL,
	"at" timestamp with time zone,
	"reason" text
);
--> statement-breakpoint
CREATE TABLE "switchboard"."examples" (
	"id" text PRIMARY KEY NOT NULL,
	"intent" text NOT NULL,
	"source" text NOT NULL,
	"content_hash" text NOT NULL,
	"example" jsonb NOT NULL,
	"updated_at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "switchboard"."feedback" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"ticket_id" text NOT NULL,
	"revision" integer NOT NULL,
	"at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
	"feedback" jsonb NOT NULL
);
--> statement-breakpoint
CREATE TABLE "switchboard"."history" (
	"seq" bigserial PRIMARY KEY NOT NULL,
	"ticket_id" text NOT NULL,
	"at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
	"event" text NOT NULL,
	"by" text NOT NULL,
	"detail" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "switchboard"."tickets" (
	"id" text PRIMARY KEY NOT NULL,
	"position" bigserial NOT NULL,
	"connector" text NOT NULL,
	"external_id" text NOT NULL,
	"revision" integer NOT NULL,
	"content_hash" text NOT NULL,
	"state" text NOT NULL,
	"received_at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
	"ticket" jsonb NOT NULL,
	CONSTRAINT "tickets_connector_external_id" UNIQUE("connector","external_id")
);
--> statement-breakpoint
ALTER TABLE "switchboard"."classifications" ADD CONSTRAINT "classifications_ticket_id_tickets_id_fk" FOREIGN KEY ("ticket_id") REFERENCES "switchboard"."tickets"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "switchboard"."decisions" ADD CONSTRAINT "decisions_ticket_id_tickets_id_fk" FOREIGN KEY ("ticket_id") REFERENCES "switchboard"."tickets"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "switchboard"."deliveries" ADD CONSTRAINT "deliveries_decision_id_decisions_id_fk" FOREIGN KEY ("decision_id") REFERENCES "switchboard"."decisions"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "switchboard"."feedback" ADD CONSTRAINT "feedback_ticket_id_tickets_id_fk" FOREIGN KEY ("ticket_id") REFERENCES "switchboard"."tickets"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "switchboard"."history" ADD CONSTRAINT "history_ticket_id_tickets_id_fk" FOREIGN KEY ("ticket_id") REFERENCES "switchboard"."tickets"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "classifications_intent" ON "switchboard"."classifications" USING btree ("intent");--> statement-breakpoint
CREATE INDEX "decisions_team" ON "switchboard"."decisions" USING btree ("team");--> statement-breakpoint
CREATE INDEX "examples_intent" ON "switchboard"."examples" USING btree ("intent");--> statement-breakpoint
CREATE INDEX "feedback_ticket" ON "switchboard"."feedback" USING btree ("ticket_id");--> statement-breakpoint
CREATE INDEX "history_ticket" ON "switchboard"."history" USING btree ("ticket_id","seq");--> statement-breakpoint
CREATE INDEX "tickets_position" ON "switchboard"."tickets" USING btree ("position");--> statement-breakpoint
CREATE INDEX "tickets_received" ON "switchboard"."tickets" USING btree ("position") WHERE "switchboard"."tickets"."state" = 'received';