-- Hardly any ticket has feedback when it is decided, and a look whether it has takes a quarter of the time of reading what it says.
CREATE OR REPLACE FUNCTION "switchboard"."set_classification_columns"() RETURNS trigger LANGUAGE plpgsql SET enable_seqscan = off AS $$
BEGIN
  NEW."position" := (SELECT t."position" FROM "switchboard"."tickets" t WHERE t."id" = NEW."ticket_id");
  IF EXISTS (SELECT FROM "switchboard"."feedback" f WHERE f."ticket_id" = NEW."ticket_id") THEN
    NEW."said_intent" := "switchboard"."said_intent"(NEW."ticket_id");
  END IF;
  RETURN NEW;
END $$;
