CREATE TABLE "switchboard"."schema_info" (
	"is_only_row" boolean PRIMARY KEY DEFAULT true NOT NULL,
	"oldest_program" integer NOT NULL,
	CONSTRAINT "schema_info_one_row" CHECK ("switchboard"."schema_info"."is_only_row")
);
--> statement-breakpoint
CREATE INDEX "deliveries_pending" ON "switchboard"."deliveries" USING btree ("decision_id") WHERE "switchboard"."deliveries"."state" = 'pending';--> statement-breakpoint
-- Programs from before this number refuse every database that a newer one has migrated.
INSERT INTO "switchboard"."schema_info" ("oldest_program") VALUES (6);
