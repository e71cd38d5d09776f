-- When an event was stored, by the database's own clock, as decisions.change_time, and an index to read them in that order:
-- what is decided with an event and has no row of its own is pushed, too. Events from before count as stored now.
ALTER TABLE events
  ADD COLUMN store_time DATETIME(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6),
  ADD KEY by_store (tenant_id, store_time, event_key);
