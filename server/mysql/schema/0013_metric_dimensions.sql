-- The combinations of declared attributes that cells are kept for. dimension_key is a digest of the sorted pairs in
-- payload.
CREATE TABLE metric_dimensions (
  tenant_id     VARCHAR(63) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  survey_id     VARCHAR(63) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  dimension_key BINARY(16) NOT NULL,
  payload       MEDIUMBLOB NOT NULL,
  PRIMARY KEY (tenant_id, survey_id, dimension_key)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
