-- Long-running work. A server claims an operation by a conditional UPDATE of owner, lease_until (by the database's clock)
-- and token + 1; what it writes later names that token, and so matches no row once another server has claimed it or it
-- was cancelled. slot is not NULL while it runs: the unique key bounds how many a tenant has running at a time.
CREATE TABLE operations (
  tenant_id      VARCHAR(63) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  operation_id   BINARY(16) NOT NULL,
  kind           VARCHAR(63) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  state          TINYINT NOT NULL,
  slot           TINYINT NULL,
  owner          VARCHAR(100) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  lease_until    BIGINT NOT NULL,
  token          BIGINT NOT NULL,
  progress_done  BIGINT NOT NULL,
  progress_total BIGINT NOT NULL,
  create_time    BIGINT NOT NULL,
  start_time     BIGINT NULL,
  finish_time    BIGINT NULL,
  request        MEDIUMBLOB NOT NULL,
  payload        MEDIUMBLOB NOT NULL,
  PRIMARY KEY (tenant_id, operation_id),
  UNIQUE KEY by_slot (tenant_id, slot),
  KEY by_state (state, finish_time, tenant_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
