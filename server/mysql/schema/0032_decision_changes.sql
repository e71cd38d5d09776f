-- When a decision was written last, by the database's own clock, and an index to read them in that order. The database
-- writes it, so that no statement, of this binary or the one before, can forget to; that is why it is not a BIGINT as
-- other times are. Sessions are in UTC. Decisions from before this migration count as changed by it.
ALTER TABLE decisions
  ADD COLUMN change_time DATETIME(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6) ON UPDATE CURRENT_TIMESTAMP(6),
  ADD KEY by_change (tenant_id, change_time, event_key, trigger_id);
