CREATE TABLE "switchboard"."webhooks" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"connector" text NOT NULL,
	"deduplication_key" text NOT NULL,
	"received_at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
	"headers" jsonb NOT NULL,
	"body" "bytea" NOT NULL,
	"state" text DEFAULT 'waiting' NOT NULL,
	"reason" text,
	"external_ids" jsonb DEFAULT '[]'::jsonb NOT NULL,
	CONSTRAINT "webhooks_connector_key" UNIQUE("connector","deduplication_key")
);
--> statement-breakpoint
CREATE INDEX "webhooks_received_at" ON "switchboard"."webhooks" USING btree ("received_at");--> statement-breakpoint
CREATE INDEX "webhooks_waiting" ON "switchboard"."webhooks" USING btree ("id") WHERE "switchboard"."webhooks"."state" = 'waiting';--> statement-breakpoint
CREATE INDEX "webhooks_external_ids" ON "switchboard"."webhooks" USING gin ("external_ids");