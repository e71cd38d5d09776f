-- What was published, never changed: responses stay pinned to theirs.
CREATE TABLE survey_versions (
  tenant_id    VARCHAR(63) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  survey_id    VARCHAR(63) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  version      INT NOT NULL,
  publish_time BIGINT NOT NULL,
  payload      MEDIUMBLOB NOT NULL,
  PRIMARY KEY (tenant_id, survey_id, version)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
