-- Feedback that somebody gave here and that moved a ticket asks as well, though it does not wait.
CREATE OR REPLACE FUNCTION "switchboard"."open_feedback_review"("of" "switchboard"."feedback") RETURNS void LANGUAGE sql AS $$
  INSERT INTO "switchboard"."reviews" AS r
    ("key", "kind", "ticket_id", "feedback_id", "team", "intent", "language", "rank", "since", "why")
  SELECT 'feedback:' || "of"."id",
    CASE WHEN "of"."feedback"->>'intent' IS NULL AND "of"."feedback"->>'outOfScope' IS NULL
        AND ("of"."actor"->>'kind' = 'connector' OR "of"."state" = 'applied')
      THEN 'moved' ELSE 'correction' END,
    t."id", "of"."id", coalesce(a."team", "of"."feedback"->>'team'), coalesce("of"."feedback"->>'intent', c."intent"),
    coalesce(c."classification"->>'language', t."language"), "switchboard"."review_rank"(d."urgency"), t."received_at",
    coalesce("of"."why", 'it waits for a review')
  FROM "switchboard"."tickets" t
    LEFT JOIN "switchboard"."classifications" c ON c."ticket_id" = t."id" AND c."revision" = t."revision"
    LEFT JOIN "switchboard"."decisions" d ON d."ticket_id" = t."id" AND d."revision" = t."revision"
    LEFT JOIN "switchboard"."assignments" a ON a."ticket_id" = t."id"
  WHERE t."id" = "of"."ticket_id"
  ON CONFLICT ("key") DO UPDATE SET "done_at" = NULL, "verdict" = NULL, "done_by" = NULL, "answer_id" = NULL, "held_until" = NULL
    WHERE r."done_at" IS NOT NULL
$$;
