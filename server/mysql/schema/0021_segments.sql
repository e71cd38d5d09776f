CREATE TABLE segments (
  tenant_id   VARCHAR(63) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  segment_id  VARCHAR(63) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  revision    BIGINT NOT NULL,
  create_time BIGINT NOT NULL,
  update_time BIGINT NOT NULL,
  payload     MEDIUMBLOB NOT NULL,
  PRIMARY KEY (tenant_id, segment_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
