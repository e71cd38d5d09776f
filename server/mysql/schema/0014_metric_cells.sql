-- How many answers of one value fell on one local day, for one combination of attributes. slot is the writer's own, so
-- that two writers never wait for one row; readers sum over slots.
CREATE TABLE metric_cells (
  tenant_id     VARCHAR(63) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  survey_id     VARCHAR(63) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  series        VARCHAR(80) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  day           INT NOT NULL,
  dimension_key BINARY(16) NOT NULL,
  value         INT NOT NULL,
  slot          SMALLINT NOT NULL,
  total         BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, survey_id, series, day, dimension_key, value, slot)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
