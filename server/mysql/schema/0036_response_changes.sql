-- When a response was written last, by the database's own clock, as decisions.change_time, and an index to read them in
-- that order. A response that was erased keeps its row, without content and respondent, so that its single-use key stays
-- taken; erase_time is NULL of all others.
ALTER TABLE responses
  ADD COLUMN change_time DATETIME(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6) ON UPDATE CURRENT_TIMESTAMP(6),
  ADD COLUMN erase_time BIGINT NULL,
  ADD KEY by_change (tenant_id, change_time, response_id);
