-- The words are made anew from the examples at the next start.
TRUNCATE "switchboard"."example_texts";--> statement-breakpoint
DROP INDEX "switchboard"."example_texts_lexemes";--> statement-breakpoint
ALTER TABLE "switchboard"."example_texts" ADD COLUMN "intent" text NOT NULL;--> statement-breakpoint
CREATE INDEX "example_texts_lexemes" ON "switchboard"."example_texts" USING gin ("lexemes") WITH (fastupdate=false);