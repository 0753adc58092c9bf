CREATE TABLE "switchboard"."changes" (
	"connector" text NOT NULL,
	"source_id" text NOT NULL,
	"field" text NOT NULL,
	"ticket_id" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"by" jsonb NOT NULL,
	"from" text,
	"to" text,
	CONSTRAINT "changes_connector_source_id_field_pk" PRIMARY KEY("connector","source_id","field")
);
--> statement-breakpoint
CREATE TABLE "switchboard"."cursors" (
	"connector" text PRIMARY KEY NOT NULL,
	"connected_at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
	"cursor" text,
	"polled_at" timestamp with time zone,
	"due_at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
	"held_until" timestamp with time zone,
	"holder" text,
	"pause_ms" integer DEFAULT 0 NOT NULL,
	"is_at_end" boolean DEFAULT false NOT NULL
);
--> statement-breakpoint
CREATE TABLE "switchboard"."places" (
	"ticket_id" text PRIMARY KEY NOT NULL,
	"place" jsonb NOT NULL,
	"state" text NOT NULL,
	"stamp" text NOT NULL,
	"handling" jsonb,
	"is_in_intake" boolean NOT NULL,
	"read_at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL
);
--> statement-breakpoint
ALTER TABLE "switchboard"."deliveries" ADD COLUMN "written" jsonb;--> statement-breakpoint
ALTER TABLE "switchboard"."changes" ADD CONSTRAINT "changes_ticket_id_tickets_id_fk" FOREIGN KEY ("ticket_id") REFERENCES "switchboard"."tickets"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "switchboard"."places" ADD CONSTRAINT "places_ticket_id_tickets_id_fk" FOREIGN KEY ("ticket_id") REFERENCES "switchboard"."tickets"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "changes_ticket" ON "switchboard"."changes" USING btree ("ticket_id","at");