CREATE TABLE "switchboard"."embedders" (
	"id" serial PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"dimensions" integer NOT NULL,
	CONSTRAINT "embedders_name" UNIQUE("name")
);
--> statement-breakpoint
CREATE TABLE "switchboard"."example_texts" (
	"example_id" text PRIMARY KEY NOT NULL,
	"content_hash" text NOT NULL,
	"text_hash" text NOT NULL,
	"words" text[] NOT NULL,
	"word_count" integer NOT NULL,
	"lexemes" "tsvector" GENERATED ALWAYS AS (array_to_tsvector(words)) STORED NOT NULL
);
--> statement-breakpoint
CREATE TABLE "switchboard"."example_vectors" (
	"embedder_id" integer NOT NULL,
	"example_id" text NOT NULL,
	"text_hash" text NOT NULL,
	"vector" vector,
	CONSTRAINT "example_vectors_embedder_id_example_id_pk" PRIMARY KEY("embedder_id","example_id")
);
--> statement-breakpoint
ALTER TABLE "switchboard"."example_texts" ADD CONSTRAINT "example_texts_example_id_examples_id_fk" FOREIGN KEY ("example_id") REFERENCES "switchboard"."examples"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "switchboard"."example_vectors" ADD CONSTRAINT "example_vectors_embedder_id_embedders_id_fk" FOREIGN KEY ("embedder_id") REFERENCES "switchboard"."embedders"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "switchboard"."example_vectors" ADD CONSTRAINT "example_vectors_example_id_examples_id_fk" FOREIGN KEY ("example_id") REFERENCES "switchboard"."examples"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "example_texts_lexemes" ON "switchboard"."example_texts" USING gin ("lexemes");--> statement-breakpoint
CREATE INDEX "example_vectors_example" ON "switchboard"."example_vectors" USING btree ("example_id");