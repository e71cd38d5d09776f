-- Which revision of its trigger took a decision.
ALTER TABLE decisions ADD COLUMN trigger_revision BIGINT NOT NULL DEFAULT 0;
