-- Other companies' systems that send events over HTTP: how their calls are signed and read.
CREATE TABLE event_sources (
  tenant_id   VARCHAR(63) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  source_id   VARCHAR(63) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  revision    BIGINT NOT NULL,
  create_time BIGINT NOT NULL,
  payload     MEDIUMBLOB NOT NULL,
  PRIMARY KEY (tenant_id, source_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
