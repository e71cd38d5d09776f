-- How many events each trigger skipped, by the hour of the event (hours since 1970, UTC) and the reason. Slots as in
-- metric_cells: writers with different ones never wait for each other.
CREATE TABLE skip_counts (
  tenant_id  VARCHAR(63) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  trigger_id VARCHAR(63) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  event_hour INT NOT NULL,
  reason     SMALLINT NOT NULL,
  slot       SMALLINT NOT NULL,
  total      BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, trigger_id, event_hour, reason, slot)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
