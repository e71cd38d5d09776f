-- What every answer asks of a survey beside its state, so that the payload need not be read for it: when it stops taking
-- answers, NULL for never, and after how many, 0 for any number.
ALTER TABLE surveys
  ADD COLUMN close_time BIGINT NULL,
  ADD COLUMN max_responses BIGINT NOT NULL DEFAULT 0;
