-- Every revision of a trigger, so that a decision can be explained by the rule that took it.
CREATE TABLE trigger_revisions (
  tenant_id   VARCHAR(63) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  trigger_id  VARCHAR(63) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  revision    BIGINT NOT NULL,
  create_time BIGINT NOT NULL,
  payload     MEDIUMBLOB NOT NULL,
  PRIMARY KEY (tenant_id, trigger_id, revision)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
