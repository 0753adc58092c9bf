CREATE TABLE "switchboard"."erasures" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
	"actor" jsonb NOT NULL,
	"tickets" integer NOT NULL,
	"examples" integer NOT NULL,
	"ticket_ids" jsonb NOT NULL
);
