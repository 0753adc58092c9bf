ALTER TABLE "switchboard"."history" ALTER COLUMN "ticket_id" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "switchboard"."examples" ADD COLUMN "feedback_id" bigint;--> statement-breakpoint
CREATE INDEX "examples_updated_at" ON "switchboard"."examples" USING btree ("updated_at");--> statement-breakpoint
CREATE INDEX "feedback_at" ON "switchboard"."feedback" USING btree ("at");